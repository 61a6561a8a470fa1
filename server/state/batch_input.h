// The lines of a batch's input file: one request each. Pure and thread-safe.
// Source: OpenAI API reference, batches (line format, at most 50,000 lines, unique custom ids, one endpoint per batch).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"

namespace mimus::server {

struct BatchRequest {
  std::string custom_id;
  std::string body;  // JSON text
};

// One reason why a file cannot be run, as the member errors.data of a batch lists it. Source of codes and texts:
// replies of the real API quoted in the tests of an open-source server (2025-08); the reference gives the members only,
// so those of invalid_method, duplicate_custom_id, too_many_tasks and empty_file are mimus's own.
struct BatchError {
  std::string code;
  std::string message;
  std::optional<std::string> param;
  std::optional<std::size_t> line;  // counted from 1
};

inline constexpr std::size_t kMaxBatchLines = 50'000;
inline constexpr std::size_t kMaxBatchErrors = 100;  // as many are reported

struct BatchInput {
  std::vector<std::string_view> lines;  // views into the file, blank lines left out
  std::vector<BatchError> errors;       // empty: the file is fine
};

// What is wrong with the body of one request, if anything: what only the server knows, such as its models.
using CheckBatchBody = std::function<std::optional<BatchError>(Json body)>;

// Checks the whole file: `endpoint` ("/v1/chat/completions") is what every line must ask for. `check` may be empty.
BatchInput read_batch_input(std::string_view file, std::string_view endpoint, const CheckBatchBody& check = {});

// One line that read_batch_input found to be fine.
BatchRequest read_batch_request(std::string_view line);

}  // namespace mimus::server
