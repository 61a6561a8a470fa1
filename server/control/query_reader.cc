#include "server/control/query_reader.h"

#include <algorithm>
#include <charconv>

#include "api/object_reader.h"
#include "server/percent.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

std::string quoted(std::string_view text) {
  return is_utf8(text) ? '"' + std::string(text.substr(0, 100)) + '"' : "bytes that are not UTF-8";
}

}  // namespace

QueryReader::QueryReader(std::string_view query) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs_.emplace_back(query_decoded(pair.substr(0, equals)),
                        query_decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
}

std::optional<std::string> QueryReader::text(std::string_view name) {
  known_.emplace_back(name);
  std::optional<std::string> found;
  for (const auto& [key, value] : pairs_) {
    if (key != name) continue;
    if (found) fail(name, "is given twice");
    found = value;
  }
  return found;
}

std::uint64_t QueryReader::integer(std::string_view name, std::uint64_t fallback, std::uint64_t min,
                                   std::uint64_t max) {
  const auto value = text(name);
  if (!value) return fallback;
  std::uint64_t number = 0;
  const char* const end = value->data() + value->size();
  const auto [stop, wrong] = std::from_chars(value->data(), end, number);
  if (wrong == std::errc() && stop == end && number >= min && number <= max) return number;
  fail(name,
       "expected an integer from " + std::to_string(min) + " to " + std::to_string(max) + ", found " + quoted(*value));
  return fallback;
}

std::size_t QueryReader::one_of(std::string_view name, const std::vector<std::string_view>& allowed) {
  const auto value = text(name);
  if (!value) return 0;
  const auto found = std::find(allowed.begin(), allowed.end(), *value);
  if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
  std::string words;
  for (const std::string_view word : allowed) words += (words.empty() ? "" : ", ") + std::string(word);
  fail(name, "expected one of " + words + ", found " + quoted(*value));
  return 0;
}

void QueryReader::fail(std::string_view name, std::string message) {
  if (!error_) error_ = Error{Errc::BadInput, std::move(message), "?" + std::string(name)};
}

Result<Done> QueryReader::finish() {
  for (const auto& [name, value] : pairs_) {
    if (error_ || std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const auto near = nearest_name(name, known_);
    fail("", "there is no parameter " + quoted(name) + (near ? "; did you mean \"" + *near + "\"?" : ""));
  }
  if (error_) return *error_;
  return Done{};
}

}  // namespace mimus::server
