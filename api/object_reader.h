// Reads one of mimus's own JSON objects (dialects, fixtures, cases ...) member by member, so that no typo passes for
// a default: a wrong kind, a missing member, an unknown or a repeated key is an error that names its place.
//
//   ObjectReader reader(json, "/fixtures/0");
//   fixture.name = reader.string("name", "");
//   fixture.times = reader.integer("times", 1, 1, 1'000'000);
//   if (auto done = reader.finish(); !done) return done.error();
//
// The first error sticks; readers return their fallback after it. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"

namespace mimus {

class ObjectReader {
 public:
  // `where` is the JSON pointer of `json`, with which errors begin. Anything but an object is an error at once.
  ObjectReader(Json json, std::string where);

  // Optional members: the fallback when absent.
  std::string string(std::string_view key, std::string_view fallback);
  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t min, std::int64_t max);
  double number(std::string_view key, double fallback);
  bool boolean(std::string_view key, bool fallback);
  std::vector<std::string> strings(std::string_view key);  // an array of strings, or one string alone
  Json object(std::string_view key);                       // Missing when absent
  Json array(std::string_view key);                        // Missing when absent
  Json any(std::string_view key);                          // of any kind; Missing when absent

  // Required members.
  std::string required_string(std::string_view key);
  std::int64_t required_integer(std::string_view key, std::int64_t min, std::int64_t max);
  Json required_object(std::string_view key);
  Json required_array(std::string_view key);

  // One of `allowed`, as its index; the fallback when absent.
  std::size_t one_of(std::string_view key, const std::vector<std::string_view>& allowed, std::size_t fallback);

  // Reports an error that the caller found at member `key` ("" for the object itself).
  void fail(std::string_view key, std::string message);
  // Takes over the error of a reader of an object further down, with its own place.
  void fail(const Error& inner) {
    if (!error_) error_ = inner;
  }

  [[nodiscard]] std::string path_of(std::string_view key) const;  // the pointer of a member
  [[nodiscard]] bool failed() const { return error_.has_value(); }

  // To be called last: the first error, or one for a member that nobody asked for (with the nearest known name).
  Result<Done> finish();

 private:
  Json take(std::string_view key);
  Json take(std::string_view key, Json::Kind kind, std::string_view expected);
  Json required(std::string_view key, Json::Kind kind, std::string_view expected);

  Json json_;
  std::string where_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

// What a value is, for messages: `"12"`, `an object`, `true`. Long strings are cut.
std::string describe(Json json);

// The element of `known` that `name` was probably meant to be; nothing when none is near.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& known);

// `error`, whose place is a JSON pointer into `text`, with the place in the file instead: "FILE:LINE:COLUMN: POINTER".
Error placed_in_file(const Error& error, const std::string& file, std::string_view text);

// The text of a file as JSON with comments and trailing commas; errors name file, line and column.
Result<JsonDocument> parse_file_text(std::string_view text, const std::string& file);

}  // namespace mimus
