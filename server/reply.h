// What will be said, vendor-neutral. One Reply serves every endpoint, whole or streamed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/call.h"

namespace mimus::server {

enum class FinishReason { Stop, Length, ToolCalls, FunctionCall, ContentFilter };

// Natural logarithm of a probability, at most 0, for one token and for the alternatives at its place.
struct TokenLogprob {
  std::string token;
  double logprob = 0;
  std::vector<std::pair<std::string, double>> top;  // most likely first
};

struct Choice {
  std::string text;                    // empty when only tools are called
  std::optional<std::string> refusal;  // instead of text
  std::string reasoning;               // what a reasoning model would show; empty for none
  std::vector<ToolCall> tool_calls;
  FinishReason finish = FinishReason::Stop;
  std::vector<TokenLogprob> logprobs;  // one per token of `text`, when asked for
};

struct Usage {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;  // includes reasoning
  std::int64_t cached_tokens = 0;      // part of prompt_tokens
  std::int64_t reasoning_tokens = 0;   // part of completion_tokens
};

struct Reply {
  std::vector<Choice> choices;  // choice i has index i; at least one
  Usage usage;
};

}  // namespace mimus::server
