#include "server/synth/schema/schema_refs.h"

#include <string>

namespace mimus::server {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    out.push_back(coded ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i]);
    if (coded) i += 2;
  }
  return out;
}

Json find_anchor(Json json, std::string_view ref) {
  if (json.is_object()) {
    if (json.find("$anchor").string_or("") == ref.substr(1)) return json;
    if (json.find("$id").string_or("") == ref || json.find("id").string_or("") == ref) return json;
    for (const auto& [key, value] : json.members()) {
      if (const Json found = find_anchor(value, ref)) return found;
    }
  }
  for (const Json element : json.elements()) {
    if (const Json found = find_anchor(element, ref)) return found;
  }
  return {};
}

}  // namespace

Json find_ref(Json root, std::string_view ref) {
  if (const std::string_view id = root.find("$id").string_or(""); !id.empty() && ref.starts_with(id)) {
    ref.remove_prefix(id.size());
    if (ref.empty()) return root;
  }
  if (ref == "#" || ref == "#/") return root;
  if (!ref.starts_with("#")) return {};
  if (ref.starts_with("#/")) return root.find_pointer(percent_decoded(ref.substr(1)));
  return find_anchor(root, ref);
}

}  // namespace mimus::server
