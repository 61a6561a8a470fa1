// A rule about one header field of the reply.
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

bool is_media_type(const std::string& found, Json allowed) {
  for (const Json element : allowed.elements()) {
    const std::string_view type = element.string_or("");
    if (found == type || (type.starts_with('+') && found.ends_with(type))) return true;
  }
  return false;
}

// Parts of comma-separated values, compared without case: "*" in the reply contains everything.
const Json* missing_part(const std::string& value, const std::vector<Json>& parts) {
  for (const Json& part : parts) {
    if (value != "*" && value.find(lower(part.string_or(""))) == std::string::npos) return &part;
  }
  return nullptr;
}

}  // namespace

// name; media_type: allowed media types, "+json" for a suffix; contains: parts that must stand in the value;
// absent: true when the header must not be there. Else it must be there and not be empty.
Finding judge_header(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view name = args.find("name").string_or("");
  const std::string* value = transcript.head.find(name);
  const Place place = in_header(transcript, name);
  if (args.find("absent").bool_or(false)) {
    return value == nullptr ? holds() : broken(place, "no such header", quoted(*value));
  }
  if (value == nullptr || value->empty()) return broken(place, "the header " + std::string(name), "none");
  if (const Json allowed = args.find("media_type")) {
    const std::string found = media_type(transcript.head);
    return is_media_type(found, allowed) ? holds() : broken(place, "one of " + to_text(allowed), quoted(*value));
  }
  std::vector<Json> parts;
  for (const Json part : args.find("contains").elements()) parts.push_back(part);
  const Json* missing = missing_part(lower(*value), parts);
  return missing == nullptr ? holds() : broken(place, to_text(*missing) + " in it", quoted(*value));
}

}  // namespace mimus::conformance
