// Reading POST /completions: one Call for each prompt. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "server/call.h"
#include "server/dialect/dialect.h"

namespace mimus::server {

struct CompletionPrompt {
  std::string text;  // token numbers as text, where it came as such
  std::int64_t tokens = 0;
};

struct CompletionRequest {
  Call call;  // for every prompt the same, but for its only message
  std::vector<CompletionPrompt> prompts;
  bool echo = false;  // replies begin with their prompt
};

inline constexpr std::int64_t kMostCompletions = 4096;  // prompts times n

Result<CompletionRequest, Refusal> read_completion_request(std::string_view body, const Dialect& dialect,
                                                           const Endpoint& endpoint);

}  // namespace mimus::server
