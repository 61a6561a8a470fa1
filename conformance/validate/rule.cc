#include "conformance/validate/rule.h"

#include <utility>

#include "api/json_writer.h"
#include "conformance/client/utf8.h"

namespace mimus::conformance {
namespace {

void find_below(Json json, std::string_view rest, const std::string& so_far, std::vector<Located>& found) {
  if (rest.empty()) {
    found.push_back({so_far, json});
    return;
  }
  const std::size_t end = rest.find('/', 1);
  const std::string_view step = rest.substr(1, end == std::string_view::npos ? end : end - 1);
  const std::string_view after = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  if (step != "*") {
    const Json next = json.find_pointer("/" + std::string(step));
    if (next || after.empty()) find_below(next, after, so_far + "/" + std::string(step), found);
    return;
  }
  for (std::size_t i = 0; json.is_array() && i < json.size(); ++i) {
    find_below(json.at(i), after, so_far + "/" + std::to_string(i), found);
  }
  for (const auto [key, value] : json.members()) find_below(value, after, so_far + "/" + pointer_step(key), found);
}

}  // namespace

const Transcript* Scene::find(std::string_view probe) const {
  const auto found = transcripts.find(probe);
  return found == transcripts.end() ? nullptr : &found->second;
}

Finding holds() {
  return {};
}

Finding broken(Place place, std::string expected, std::string found, Verdict at_most) {
  return {Finding::Kind::Broken, std::move(expected), std::move(found), "", std::move(place), at_most};
}

Finding note(Place place, std::string found, std::string reason) {
  return {Finding::Kind::Note, "", std::move(found), std::move(reason), std::move(place), Verdict::Info};
}

Finding not_applicable(std::string reason) {
  return {Finding::Kind::NotApplicable, "", "", std::move(reason), {}, Verdict::Fail};
}

Finding undecided(std::string reason) {
  return {Finding::Kind::Undecided, "", "", std::move(reason), {}, Verdict::Fail};
}

Place in_body(const Transcript& transcript, std::string pointer) {
  return {transcript.probe, std::move(pointer), {}};
}

Place in_header(const Transcript& transcript, std::string_view name) {
  return {transcript.probe, "header " + std::string(name), {}};
}

Place in_event(const Transcript& transcript, std::size_t event, std::string pointer) {
  const std::string at = "event " + std::to_string(event) + (pointer.empty() ? "" : " " + pointer);
  if (event >= transcript.events.size()) return {transcript.probe, at, {}};
  return {transcript.probe, at, transcript.events[event].block};
}

Place in_reply(const Transcript& transcript) {
  return {transcript.probe, "reply", {}};
}

std::vector<Located> find_all(Json root, std::string_view pattern) {
  std::vector<Located> found;
  find_below(root, pattern, "", found);
  return found;
}

std::vector<Chunk> chunks_of(const Transcript& transcript) {
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < transcript.events.size(); ++i) {
    const Event& event = transcript.events[i];
    if (!event.is_json || !event.root().is_object() || event.root().find("error").has_value()) continue;
    chunks.push_back({i, event.root()});
  }
  return chunks;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string cut(text.substr(0, kLongest));
  if (const auto invalid = find_invalid_utf8(cut)) {
    // The cut may have gone through a character; anything else is shown up to the first bad byte.
    cut.resize(*invalid);
  }
  std::string out = "\"";
  append_escaped(cut, out);
  return out + (cut.size() < text.size() ? "...\"" : "\"");
}

}  // namespace mimus::conformance
