#include "conformance/run/placeholder.h"

#include "api/json_writer.h"

namespace mimus::conformance {
namespace {

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

std::string unquoted(const std::string& json, bool percent_encoded) {
  const auto value = parse_json(json);
  std::string text = value && value->root().is_string() ? std::string(value->root().as_string()) : json;
  return percent_encoded ? percent_encode(text) : text;
}

bool fill_value(Json value, const Resolver& resolve, JsonWriter& writer, std::string& out);

bool fill_string(std::string_view text, const Resolver& resolve, JsonWriter& writer) {
  const std::vector<Placeholder> found = find_placeholders(text);
  if (found.size() == 1 && found[0].begin == 0 && found[0].end == text.size()) {
    const auto json = resolve(found[0]);
    if (json) writer.raw(*json);
    return json.has_value();
  }
  const auto filled = fill_text(text, resolve);
  if (filled) writer.string(*filled);
  return filled.has_value();
}

// The member "{{cap}}": N: the resolver knows what the parameter is called, and whether N must be more.
bool fill_cap(std::string_view key, Json value, const Resolver& resolve, JsonWriter& writer) {
  const auto name = fill_text("{{cap}}", resolve);
  const std::string number = to_text(value);
  const auto cap = key == "{{cap}}" ? resolve({0, 0, {}, "cap:" + number, false}) : number;
  if (!name || !cap) return false;
  writer.key(*name).raw(*cap);
  return true;
}

bool fill_members(Json object, const Resolver& resolve, JsonWriter& writer, std::string& out) {
  writer.object();
  for (const auto [key, value] : object.members()) {
    if (key == "{{cap}}" || key == "{{exact_cap}}") {
      if (!fill_cap(key, value, resolve, writer)) return false;
      continue;
    }
    writer.key(key);
    if (!fill_value(value, resolve, writer, out)) return false;
  }
  writer.end_object();
  return true;
}

bool fill_value(Json value, const Resolver& resolve, JsonWriter& writer, std::string& out) {
  if (value.is_string()) return fill_string(value.as_string(), resolve, writer);
  if (value.is_object()) return fill_members(value, resolve, writer, out);
  if (!value.is_array()) {
    writer.value(value);
    return true;
  }
  writer.array();
  for (const Json element : value.elements()) {
    if (!fill_value(element, resolve, writer, out)) return false;
  }
  writer.end_array();
  return true;
}

}  // namespace

std::vector<Placeholder> find_placeholders(std::string_view text) {
  std::vector<Placeholder> found;
  std::size_t at = 0;
  for (;;) {
    const std::size_t begin = text.find("{{", at);
    const std::size_t end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) return found;
    std::string_view inner = text.substr(begin + 2, end - begin - 2);
    Placeholder placeholder{begin, end + 2, {}, {}, false};
    if (inner.ends_with("|uri")) {
      placeholder.percent_encoded = true;
      inner.remove_suffix(4);
    }
    const std::size_t hash = inner.find('#');
    if (hash != std::string_view::npos) placeholder.probe = inner.substr(0, hash);
    placeholder.text = hash == std::string_view::npos ? inner : inner.substr(hash + 1);
    found.push_back(std::move(placeholder));
    at = end + 2;
  }
}

std::optional<std::string> fill_text(std::string_view text, const Resolver& resolve) {
  std::string out;
  std::size_t at = 0;
  for (const Placeholder& placeholder : find_placeholders(text)) {
    const auto json = resolve(placeholder);
    if (!json) return std::nullopt;
    out.append(text.substr(at, placeholder.begin - at)).append(unquoted(*json, placeholder.percent_encoded));
    at = placeholder.end;
  }
  return out.append(text.substr(at));
}

std::optional<std::string> fill_json(Json body, const Resolver& resolve) {
  std::string out;
  JsonWriter writer(out);
  if (!fill_value(body, resolve, writer, out)) return std::nullopt;
  return out;
}

}  // namespace mimus::conformance
