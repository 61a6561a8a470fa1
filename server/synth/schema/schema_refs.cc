#include "server/synth/schema/schema_refs.h"

#include <string>

#include "server/percent.h"

namespace mimus::server {
namespace {

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
