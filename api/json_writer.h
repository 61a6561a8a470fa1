// Writes compact JSON at the end of a string. Commas come by themselves:
//   JsonWriter(out).object().key("id").string(id).key("n").integer(3).end_object();
// Not thread-safe; costs no allocation of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/json.h"

namespace mimus {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out), start_(out.size()) {}

  JsonWriter& object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view text);  // text must be UTF-8
  JsonWriter& integer(std::int64_t value);
  JsonWriter& number(double value);  // shortest form that reads back; must be finite
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& value(Json json);            // copied
  JsonWriter& raw(std::string_view json);  // already JSON

  // Shorthands for a member.
  JsonWriter& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonWriter& member(std::string_view name, const char* text) { return key(name).string(text); }
  JsonWriter& member(std::string_view name, std::int64_t number) { return key(name).integer(number); }
  JsonWriter& member(std::string_view name, int number) { return key(name).integer(number); }
  JsonWriter& member(std::string_view name, bool flag) { return key(name).boolean(flag); }
  JsonWriter& null_member(std::string_view name) { return key(name).null(); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void comma();

  std::string& out_;
  std::size_t start_;
};

// Appends `text` as a JSON string body, escaped, without the quotes: for pieces of a string that is built in parts.
void append_escaped(std::string_view text, std::string& out);

}  // namespace mimus
