#include "conformance/selfcheck/edit_json.h"

#include "api/json_writer.h"

namespace mimus::conformance {
namespace {

struct Edit {
  std::optional<std::string> value;  // nothing: remove
  std::string name;                  // not empty: rename instead
};

std::string first_step(std::string_view pointer) {
  std::string step(pointer.substr(1, pointer.find('/', 1) - 1));
  for (std::size_t at = step.find("~1"); at != std::string::npos; at = step.find("~1")) step.replace(at, 2, "/");
  for (std::size_t at = step.find("~0"); at != std::string::npos; at = step.find("~0", at + 1))
    step.replace(at, 2, "~");
  return step;
}

std::string_view after_first(std::string_view pointer) {
  const std::size_t next = pointer.find('/', 1);
  return next == std::string_view::npos ? std::string_view() : pointer.substr(next);
}

void write(Json json, std::string_view pointer, const Edit& edit, JsonWriter& out);

// One child, which the edit may be about.
void write_child(const std::string& key, Json child, std::string_view pointer, const Edit& edit, bool in_object,
                 JsonWriter& out) {
  const bool here = !pointer.empty() && first_step(pointer) == key;
  const std::string_view rest = here ? after_first(pointer) : std::string_view();
  const bool is_last = here && rest.empty();
  if (is_last && !edit.value && edit.name.empty()) return;
  if (in_object) out.key(is_last && !edit.name.empty() ? edit.name : key);
  if (is_last && edit.name.empty()) {
    out.raw(*edit.value);
  } else {
    write(child, rest, edit, out);
  }
}

void write(Json json, std::string_view pointer, const Edit& edit, JsonWriter& out) {
  if (json.is_object()) {
    out.object();
    for (const auto [key, value] : json.members()) write_child(std::string(key), value, pointer, edit, true, out);
    const bool adds = !pointer.empty() && after_first(pointer).empty() && edit.value && !json.find(first_step(pointer));
    if (adds) out.key(first_step(pointer)).raw(*edit.value);
    out.end_object();
  } else if (json.is_array()) {
    out.array();
    for (std::size_t i = 0; i < json.size(); ++i) write_child(std::to_string(i), json.at(i), pointer, edit, false, out);
    const bool adds = !pointer.empty() && after_first(pointer).empty() && edit.value &&
                      first_step(pointer) == std::to_string(json.size());
    if (adds) out.raw(*edit.value);
    out.end_array();
  } else {
    out.value(json);
  }
}

std::string apply(Json root, std::string_view pointer, const Edit& edit) {
  if (pointer.empty()) return edit.value.value_or("null");
  std::string text;
  JsonWriter out(text);
  write(root, pointer, edit, out);
  return text;
}

}  // namespace

std::string edited_json(Json root, std::string_view pointer, const std::optional<std::string>& value) {
  return apply(root, pointer, {value, ""});
}

std::string renamed_json(Json root, std::string_view pointer, std::string_view name) {
  return apply(root, pointer, {std::nullopt, std::string(name)});
}

}  // namespace mimus::conformance
