#include "api/object_reader.h"

#include <algorithm>
#include <numeric>

namespace mimus {
namespace {

// How many letters to add, drop, change or swap with their neighbour ("optimal string alignment").
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool is_swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string place_text(TextPlace place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

}  // namespace

ObjectReader::ObjectReader(Json json, std::string where) : json_(json), where_(std::move(where)) {
  if (!json_.is_object()) {
    fail("", "expected an object, found " + describe(json_));
    return;
  }
  for (std::size_t i = 0; i < json_.size() && !failed(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (json_.member(i).key == json_.member(j).key) {
        fail(json_.member(i).key, "the key stands twice in one object");
        break;
      }
    }
  }
}

std::string ObjectReader::path_of(std::string_view key) const {
  return key.empty() ? where_ : where_ + "/" + pointer_step(key);
}

void ObjectReader::fail(std::string_view key, std::string message) {
  if (!error_) error_ = Error{Errc::BadInput, std::move(message), path_of(key)};
}

Json ObjectReader::take(std::string_view key) {
  known_.emplace_back(key);
  return failed() ? Json() : json_.find(key);
}

Json ObjectReader::take(std::string_view key, Json::Kind kind, std::string_view expected) {
  const Json value = take(key);
  if (!value || value.kind() == kind) return value;
  fail(key, "expected " + std::string(expected) + ", found " + describe(value));
  return {};
}

Json ObjectReader::required(std::string_view key, Json::Kind kind, std::string_view expected) {
  const Json value = take(key, kind, expected);
  if (!value) fail("", "\"" + std::string(key) + "\" is missing: expected " + std::string(expected));
  return value;
}

std::string ObjectReader::string(std::string_view key, std::string_view fallback) {
  return std::string(take(key, Json::Kind::String, "a string").string_or(fallback));
}

std::int64_t ObjectReader::integer(std::string_view key, std::int64_t fallback, std::int64_t min, std::int64_t max) {
  const Json value = take(key, Json::Kind::Integer, "an integer");
  if (value && (value.as_int() < min || value.as_int() > max)) {
    const std::string range =
        min == max ? std::to_string(min) : "a number from " + std::to_string(min) + " to " + std::to_string(max);
    fail(key, "expected " + range + ", found " + describe(value));
  }
  return value.int_or(fallback);
}

double ObjectReader::number(std::string_view key, double fallback) {
  const Json value = take(key);
  if (value && !value.is_number()) fail(key, "expected a number, found " + describe(value));
  return value.double_or(fallback);
}

bool ObjectReader::boolean(std::string_view key, bool fallback) {
  return take(key, Json::Kind::Bool, "true or false").bool_or(fallback);
}

std::vector<std::string> ObjectReader::strings(std::string_view key) {
  const Json value = take(key);
  std::vector<std::string> result;
  if (!value) return result;
  if (value.is_string()) return {std::string(value.as_string())};
  if (!value.is_array()) fail(key, "expected a string or an array of strings, found " + describe(value));
  std::size_t index = 0;
  for (const Json element : value.elements()) {
    if (!element.is_string()) {
      fail(key, "expected only strings, found " + describe(element) + " at index " + std::to_string(index));
      return result;
    }
    result.emplace_back(element.as_string());
    ++index;
  }
  return result;
}

Json ObjectReader::object(std::string_view key) {
  return take(key, Json::Kind::Object, "an object");
}
Json ObjectReader::array(std::string_view key) {
  return take(key, Json::Kind::Array, "an array");
}
Json ObjectReader::any(std::string_view key) {
  return take(key);
}

std::string ObjectReader::required_string(std::string_view key) {
  return std::string(required(key, Json::Kind::String, "a string").string_or(""));
}

std::int64_t ObjectReader::required_integer(std::string_view key, std::int64_t min, std::int64_t max) {
  if (!failed() && json_.find(key)) return integer(key, min, min, max);
  return required(key, Json::Kind::Integer, "an integer").int_or(min);
}

Json ObjectReader::required_object(std::string_view key) {
  return required(key, Json::Kind::Object, "an object");
}
Json ObjectReader::required_array(std::string_view key) {
  return required(key, Json::Kind::Array, "an array");
}

std::size_t ObjectReader::one_of(std::string_view key, const std::vector<std::string_view>& allowed,
                                 std::size_t fallback) {
  const Json value = take(key, Json::Kind::String, "a string");
  if (!value) return fallback;
  const auto found = std::find(allowed.begin(), allowed.end(), value.as_string());
  if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
  std::string names;
  for (const std::string_view name : allowed) names += (names.empty() ? "" : ", ") + std::string(name);
  fail(key, "expected one of " + names + ", found " + describe(value));
  return fallback;
}

Result<Done> ObjectReader::finish() {
  if (!failed()) {
    for (const auto [key, value] : json_.members()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      const auto near = nearest_name(key, known_);
      fail(key, near ? "unknown key, did you mean \"" + *near + "\"?" : "unknown key");
      break;
    }
  }
  if (error_) return *error_;
  return Done{};
}

std::string describe(Json json) {
  constexpr std::size_t kLongest = 40;
  switch (json.kind()) {
    case Json::Kind::Missing:
      return "nothing";
    case Json::Kind::Array:
      return "an array";
    case Json::Kind::Object:
      return "an object";
    default:
      break;
  }
  std::string text = to_text(json);
  if (text.size() <= kLongest) return text;
  std::size_t cut = kLongest;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;  // not inside a UTF-8 sequence
  return text.substr(0, cut) + "...\"";
}

std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 64;
  if (name.size() > kLongest) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

Error placed_in_file(const Error& error, const std::string& file, std::string_view text) {
  const auto place = place_of_pointer(text, error.where);
  Error placed = error;
  placed.where = file + (place ? ":" + place_text(*place) : "") + (error.where.empty() ? "" : ": " + error.where);
  return placed;
}

Result<JsonDocument> parse_file_text(std::string_view text, const std::string& file) {
  auto document = parse_json(text, JsonSyntax::Relaxed);
  if (document) return std::move(*document);
  const TextPlace place = place_of_offset(text, document.error().offset);
  return Error{Errc::BadInput, "not valid JSON: " + document.error().message, file + ":" + place_text(place)};
}

}  // namespace mimus
