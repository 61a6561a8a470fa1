#include "server/state/batch_input.h"

#include <set>
#include <utility>

#include "api/json.h"

namespace mimus::server {
namespace {

// What is wrong with one line, if anything. `ids` are the custom ids of the lines before it.
std::optional<BatchError> check_line(std::string_view line, std::string_view endpoint, const CheckBatchBody& check,
                                     std::set<std::string>& ids) {
  const auto json = parse_json(line);
  if (!json) return BatchError{"invalid_json_line", "This line is not parseable as valid JSON.", std::nullopt, {}};
  const Json request = json->root();
  if (!request.is_object())
    return BatchError{"invalid_request", "Expected a JSON object on this line.", std::nullopt, {}};
  for (const char* key : {"custom_id", "method", "url"}) {
    if (request.find(key).is_string()) continue;
    return BatchError{"missing_required_parameter", std::string("Missing required parameter: '") + key + "'.", key, {}};
  }
  if (!request.find("body").is_object()) {
    return BatchError{"missing_required_parameter", "Missing required parameter: 'body'.", "body", {}};
  }
  if (request.find("method").as_string() != "POST") {
    return BatchError{"invalid_method", "The method of a request must be POST.", "method", {}};
  }
  if (request.find("url").as_string() != endpoint) {
    return BatchError{"invalid_url", "The URL provided for this request does not match the batch endpoint.", "url", {}};
  }
  const std::string id(request.find("custom_id").as_string());
  if (!ids.insert(id).second) {
    return BatchError{
        "duplicate_custom_id", "The custom_id '" + id + "' is used by an earlier line of this file.", "custom_id", {}};
  }
  return check ? check(request.find("body")) : std::nullopt;
}

}  // namespace

BatchInput read_batch_input(std::string_view file, std::string_view endpoint, const CheckBatchBody& check) {
  BatchInput input;
  std::set<std::string> ids;
  std::size_t number = 0;
  while (!file.empty() && input.errors.size() < kMaxBatchErrors) {
    ++number;
    const std::size_t end = file.find('\n');
    std::string_view line = file.substr(0, end);
    file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (input.lines.size() == kMaxBatchLines) {
      input.errors.push_back({"too_many_tasks", "A batch has at most 50000 requests.", std::nullopt, number});
      break;
    }
    input.lines.push_back(line);
    if (auto error = check_line(line, endpoint, check, ids)) {
      error->line = number;
      input.errors.push_back(std::move(*error));
    }
  }
  if (number == 0 || (input.lines.empty() && input.errors.empty())) {
    input.errors.push_back({"empty_file", "The input file has no requests.", std::nullopt, std::nullopt});
  }
  return input;
}

BatchRequest read_batch_request(std::string_view line) {
  const auto json = parse_json(line);
  if (!json) return {};
  return {std::string(json->root().find("custom_id").string_or("")), to_text(json->root().find("body"))};
}

}  // namespace mimus::server
