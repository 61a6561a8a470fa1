#include "api/json_writer.h"

#include <rapidjson/writer.h>

#include "api/append_integer.h"
#include "api/byte_scan.h"

namespace mimus {
namespace {

// RapidJSON's output stream concept over a std::string.
struct StringOutput {
  using Ch = char;
  std::string& out;
  void Put(char c) { out.push_back(c); }
  void Flush() {}
};

constexpr std::string_view kHex = "0123456789abcdef";

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// The first byte from `at` on that needs an escape, or the end.
std::size_t find_escape(std::string_view text, std::size_t at) {
  // control_bytes(), and zero_bytes() of what differs from a quote and from a backslash, in one.
  const auto may_hold = [](std::uint64_t word) {
    const std::uint64_t not_quote = word ^ in_each_byte('"');
    const std::uint64_t not_backslash = word ^ in_each_byte('\\');
    const std::uint64_t borrows =
        (word - in_each_byte(0x20)) | (not_quote - in_each_byte(1)) | (not_backslash - in_each_byte(1));
    return borrows & ~word & in_each_byte(0x80);  // of a byte from 0x80 on, none of the three differences counts
  };
  return find_byte(text, at, may_hold, needs_escape);
}

}  // namespace

// The bytes of a JSON string need an escape only below 0x20 and for " and \ (RFC 8259, 7).
void append_escaped(std::string_view text, std::string& out) {
  std::size_t clean = 0;
  while (true) {
    const std::size_t at = find_escape(text, clean);
    out.append(text.substr(clean, at - clean));
    if (at == text.size()) return;
    clean = at + 1;
    const auto c = static_cast<unsigned char>(text[at]);
    out.push_back('\\');
    switch (c) {
      case '"':
      case '\\':
        out.push_back(static_cast<char>(c));
        break;
      case '\n':
        out.push_back('n');
        break;
      case '\r':
        out.push_back('r');
        break;
      case '\t':
        out.push_back('t');
        break;
      case '\b':
        out.push_back('b');
        break;
      case '\f':
        out.push_back('f');
        break;
      default:
        out.append("u00");
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
  }
}

JsonWriter& JsonWriter::key(std::string_view name) {
  string(name);
  out_.push_back(':');
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  comma();
  out_.push_back('"');
  append_escaped(text, out_);
  out_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  comma();
  append_integer(value, out_);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  comma();
  StringOutput output{out_};
  rapidjson::Writer<StringOutput>(output).Double(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  return raw(value ? "true" : "false");
}
JsonWriter& JsonWriter::null() {
  return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  comma();
  out_.append(json);
  return *this;
}

JsonWriter& JsonWriter::value(Json json) {
  switch (json.kind()) {
    case Json::Kind::Missing:
    case Json::Kind::Null:
      return null();
    case Json::Kind::Bool:
      return boolean(json.as_bool());
    case Json::Kind::Integer:
      return integer(json.as_int());
    case Json::Kind::Number:
      return number(json.as_double());
    case Json::Kind::String:
      return string(json.as_string());
    case Json::Kind::Array:
      array();
      for (const Json element : json.elements()) value(element);
      return end_array();
    case Json::Kind::Object:
      object();
      for (auto [name, member] : json.members()) {
        key(name);
        value(member);
      }
      return end_object();
  }
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  comma();
  out_.push_back(bracket);
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  return *this;
}

// What stands before tells whether a comma is due: a value ends in none of these three, for strings end in a quote.
void JsonWriter::comma() {
  if (out_.size() == start_) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_.push_back(',');
}

}  // namespace mimus
