// The lines of a batch's input file: one request each. Pure and thread-safe.
// Source: OpenAI API reference, batches (line format, at most 50,000 lines, unique custom ids, one endpoint per batch).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

struct BatchRequest {
  std::string custom_id;
  std::string body;  // JSON text
};

// One reason why a file cannot be run, as the member errors.data of a batch lists it. Codes and texts are mimus's own
// reading: the reference gives the members only.
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

// Checks the whole file: `endpoint` ("/v1/chat/completions") is what every line must ask for.
BatchInput read_batch_input(std::string_view file, std::string_view endpoint);

// One line that read_batch_input found to be fine.
BatchRequest read_batch_request(std::string_view line);

}  // namespace mimus::server
