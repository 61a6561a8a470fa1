#include "server/dialect/error_row.h"

#include <algorithm>

#include "api/byte_scan.h"
#include "server/dialect/situations.h"

namespace mimus::server {
namespace {

// The length of the placeholder at the start of `text`, with its braces; 0 when there is none. Other braces are text.
std::size_t placeholder_size(std::string_view text) {
  if (!text.starts_with('{')) return 0;
  const std::size_t end = text.find('}');
  if (end == std::string_view::npos || end < 2) return 0;
  const std::string_view name = text.substr(1, end - 1);
  const bool is_name = std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  return is_name ? end + 1 : 0;
}

// The length of the UTF-8 sequence at the start of `text`; 0 when there is none.
std::size_t sequence_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  }
  const auto second = size > 2 ? static_cast<unsigned char>(text[1]) : 0x80U;
  const bool is_overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool is_outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return is_overlong || is_outside ? 0 : size;
}

// Headers and targets may hold any bytes, an error body may not.
void append_utf8(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const std::size_t size = sequence_size(text);
    if (size == 0) {
      out += '?';
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
}

std::string fill_text(std::string_view text, const ErrorArgs& args) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t size = placeholder_size(text);
    if (size == 0) {
      filled += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::string_view name = text.substr(1, size - 2);
    const auto arg = std::find_if(args.begin(), args.end(), [&](const auto& pair) { return pair.first == name; });
    if (arg != args.end()) append_utf8(arg->second, filled);
    text.remove_prefix(size);
  }
  return filled;
}

void check_placeholders(ObjectReader& reader, std::string_view key, std::string_view text, const Situation& situation) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t size = placeholder_size(text.substr(i));
    if (size == 0) continue;
    const std::string_view name = text.substr(i + 1, size - 2);
    if (offers_placeholder(situation, name)) continue;
    const std::string offered(situation.placeholders);
    reader.fail(key, "{" + std::string(name) + "} is not known here: expected " +
                         (offered.empty() ? "no placeholder" : "one of " + offered));
  }
}

std::optional<std::string> optional_string(ObjectReader& reader, std::string_view key) {
  const Json value = reader.any(key);
  if (!value || value.is_null()) return std::nullopt;
  if (!value.is_string()) reader.fail(key, "expected a string or null, found " + describe(value));
  return std::string(value.string_or(""));
}

}  // namespace

std::vector<Header> read_headers(Json json, ObjectReader& reader, std::string_view key) {
  std::vector<Header> headers;
  for (const auto [name, value] : json.members()) {
    if (!value.is_string()) {
      reader.fail(key, "expected strings, found " + describe(value));
      break;
    }
    const bool is_name =
        !name.empty() && is_printable_ascii(name) && name.find_first_of(" :") == std::string_view::npos;
    if (!is_name || !is_printable_ascii(value.as_string())) {
      reader.fail(key, "expected a header of printable ASCII, found " + std::string(name) + ": " + describe(value));
      break;
    }
    headers.push_back({std::string(name), std::string(value.as_string())});
  }
  return headers;
}

Result<ErrorRow> read_error_row(Json json, const std::string& where, std::string_view situation) {
  const Situation* known = find_situation(situation);
  if (known == nullptr) {
    std::vector<std::string> names;
    for (const Situation& each : all_situations()) names.emplace_back(each.name);
    const auto near = nearest_name(situation, names);
    return Error{Errc::BadInput, "unknown situation" + (near ? ", did you mean \"" + *near + "\"?" : ""), where};
  }
  ObjectReader reader(json, where);
  ErrorRow row;
  row.status = static_cast<int>(reader.required_integer("status", 400, 599));
  row.type = reader.required_string("type");
  row.param = optional_string(reader, "param");
  row.code = optional_string(reader, "code");
  row.message = reader.required_string("message");
  row.headers = read_headers(reader.object("headers"), reader, "headers");
  reader.string("source", "");
  check_placeholders(reader, "message", row.message, *known);
  if (row.param) check_placeholders(reader, "param", *row.param, *known);
  if (const auto done = reader.finish(); !done) return done.error();
  return row;
}

ApiError fill(const ErrorRow& row, const ErrorArgs& args) {
  ApiError error;
  error.status = row.status;
  error.type = row.type;
  error.message = fill_text(row.message, args);
  if (row.param) error.param = fill_text(*row.param, args);
  error.code = row.code;
  error.headers = row.headers;
  return error;
}

}  // namespace mimus::server
