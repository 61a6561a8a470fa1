#include "conformance/selfcheck/deviation.h"

#include <algorithm>

#include "api/embedded.h"
#include "api/object_reader.h"
#include "conformance/client/utf8.h"

namespace mimus::conformance {
namespace {

const std::vector<std::string_view> kOps = {
    "set",           "remove",       "rename",       "drop_frame", "repeat_frame", "swap_frames",
    "replace_frame", "insert_frame", "append_frame", "reframe",    "status",       "header",
    "body",          "cut",          "late_end",     "bunch",      "no_second",    "ignore",
    "ask_again",     "ask_set",      "ask_remove",   "ask_stay"};

Result<DeviationStep> read_step(Json json, const std::string& where) {
  ObjectReader reader(json, where);
  DeviationStep step;
  reader.required_string("op");
  step.op = static_cast<DeviationStep::Op>(reader.one_of("op", kOps, 0));
  step.at = reader.string("at", "");
  step.to = reader.string("to", "");
  const Json frame = reader.any("frame");
  step.frame = frame.is_integer() ? to_text(frame) : std::string(frame.string_or(""));
  step.text = reader.string("text", "");
  step.name = reader.string("name", "");
  if (const Json value = reader.any("value")) {
    step.value = copy_of(value);
    step.has_value = true;
  }
  if (auto done = reader.finish(); !done) return done.error();
  return step;
}

Result<DeviationWhen> read_when(Json json, const std::string& where) {
  DeviationWhen when;
  if (!json) return when;
  ObjectReader reader(json, where);
  when.method = reader.string("method", "");
  when.path = reader.string("path", "");
  const std::vector<std::string_view> replies = {"", "success", "error"};
  when.reply = replies[reader.one_of("reply", replies, 0)];
  const std::vector<std::string_view> bodies = {"", "not-json", "not-utf8", "not-object", "empty"};
  when.body = bodies[reader.one_of("body", bodies, 0)];
  when.body_has = reader.string("body_has", "");
  when.is_chunked = reader.boolean("chunked", false);
  when.header_named = reader.string("header_named", "");
  for (const auto [name, value] : reader.object("headers").members()) {
    auto text = value.is_string() ? std::optional(std::string(value.as_string())) : std::nullopt;
    when.headers.emplace_back(std::string(name), std::move(text));
  }
  when.has = reader.strings("has");
  when.lacks = reader.strings("lacks");
  for (const auto [pointer, value] : reader.object("equals").members()) {
    when.equals.emplace_back(std::string(pointer), copy_of(value));
  }
  if (auto done = reader.finish(); !done) return done.error();
  return when;
}

Result<Deviation> read_deviation(Json json, const std::string& where) {
  ObjectReader reader(json, where);
  Deviation deviation;
  deviation.check = reader.required_string("check");
  deviation.what = reader.required_string("what");
  deviation.not_served = reader.string("not_served", "");
  const Json when = reader.object("when");
  const Json narrow = reader.object("narrow");
  const Json steps = reader.required_array("steps");
  if (auto done = reader.finish(); !done) return done.error();
  auto read = read_when(when, where + "/when");
  if (!read) return read.error();
  deviation.when = std::move(*read);
  auto read_narrow = read_when(narrow, where + "/narrow");
  if (!read_narrow) return read_narrow.error();
  deviation.narrow = std::move(*read_narrow);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto step = read_step(steps.at(i), where + "/steps/" + std::to_string(i));
    if (!step) return step.error();
    deviation.steps.push_back(std::move(*step));
  }
  return deviation;
}

}  // namespace

Result<std::vector<Deviation>> read_deviations(std::string_view text, const std::string& file) {
  const auto document = parse_file_text(text, file);
  if (!document) return document.error();
  ObjectReader reader(document->root(), "");
  const Json list = reader.required_array("deviations");
  if (auto done = reader.finish(); !done) return placed_in_file(done.error(), file, text);
  std::vector<Deviation> deviations;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto deviation = read_deviation(list.at(i), "/deviations/" + std::to_string(i));
    if (!deviation) return placed_in_file(deviation.error(), file, text);
    deviations.push_back(std::move(*deviation));
  }
  return deviations;
}

std::vector<std::string> deviation_names() {
  std::vector<std::string> names;
  for (const std::string_view file : embedded_below("deviations/")) {
    const auto document = parse_file_text(*find_embedded(file), std::string(file));
    if (!document) continue;  // a test reads them all
    for (const Json row : document->root().find("deviations").elements()) {
      if (!row.find("not_served")) names.emplace_back(row.find("check").string_or(""));
    }
  }
  return names;
}

Result<std::vector<Deviation>> load_deviations(const std::vector<std::string>& ids) {
  std::vector<Deviation> found;
  for (const std::string_view file : embedded_below("deviations/")) {
    auto read = read_deviations(*find_embedded(file), std::string(file));
    if (!read) return read.error();
    for (Deviation& deviation : *read) {
      const bool wanted = ids.empty() || std::find(ids.begin(), ids.end(), deviation.check) != ids.end();
      if (wanted) found.push_back(std::move(deviation));
    }
  }
  for (const std::string& id : ids) {
    if (std::any_of(found.begin(), found.end(), [&](const Deviation& one) { return one.check == id; })) continue;
    const auto near = nearest_name(id, deviation_names());
    return Error{Errc::BadInput, "no such deviation" + (near ? ", did you mean \"" + *near + "\"?" : std::string()),
                 id};
  }
  return found;
}

namespace {

// Whether `path` ends in `pattern`.
bool ends_in(std::string_view path, std::string_view pattern) {
  while (!pattern.empty()) {
    if (pattern.back() == '*') {
      pattern.remove_suffix(1);
      const std::size_t step = path.find_last_of("/?");
      if (step == std::string_view::npos || step + 1 == path.size()) return false;
      path = path.substr(0, step + 1);
      continue;
    }
    const std::size_t star = pattern.rfind('*');
    const std::string_view tail = star == std::string_view::npos ? pattern : pattern.substr(star + 1);
    if (!path.ends_with(tail)) return false;
    path.remove_suffix(tail.size());
    pattern.remove_suffix(tail.size());
  }
  return true;
}

bool has_header(const Request& request, const std::string& name, const std::optional<std::string>& text) {
  for (const Header& header : request.headers) {
    if (equal_ignoring_case(header.name, name)) return text && header.value.find(*text) != std::string::npos;
  }
  return !text;
}

bool head_applies(const DeviationWhen& when, const Request& request) {
  if (!when.method.empty() && when.method != request.method) return false;
  if (!when.path.empty() && !ends_in(request.path, when.path)) return false;
  if (when.is_chunked && !request.chunked) return false;
  const bool named =
      when.header_named.empty() || std::any_of(request.headers.begin(), request.headers.end(),
                                               [&](const Header& header) { return header.name == when.header_named; });
  return named && std::all_of(when.headers.begin(), when.headers.end(),
                              [&](const auto& wanted) { return has_header(request, wanted.first, wanted.second); });
}

bool is_body_kind(const std::string& kind, const std::string& body, bool is_json, Json json) {
  const bool is_text = !find_invalid_utf8(body);
  if (kind == "not-json") return is_text && !is_json && !body.empty();
  if (kind == "not-utf8") return !is_text;
  if (kind == "empty") return body.empty();
  return kind.empty() || (is_json && !json.is_object());
}

}  // namespace

bool applies(const Deviation& deviation, const Request& request, const ScriptedReply& reply) {
  return holds(deviation.when, request, reply) && holds(deviation.narrow, request, reply);
}

bool holds(const DeviationWhen& when, const Request& request, const ScriptedReply& reply) {
  if (!head_applies(when, request)) return false;
  if (when.reply == "success" && reply.status >= 300) return false;
  if (when.reply == "error" && reply.status < 400) return false;
  const auto document = parse_json(request.body);
  const Json body = document ? document->root() : Json();
  if (request.body.find(when.body_has) == std::string::npos) return false;
  if (!is_body_kind(when.body, request.body, static_cast<bool>(document), body)) return false;
  const auto is_there = [&](const std::string& pointer) { return static_cast<bool>(body.find_pointer(pointer)); };
  return std::all_of(when.has.begin(), when.has.end(), is_there) &&
         std::none_of(when.lacks.begin(), when.lacks.end(), is_there) &&
         std::all_of(when.equals.begin(), when.equals.end(), [&](const auto& pair) {
           const Json found = body.find_pointer(pair.first);
           return found && equal(found, pair.second.root());
         });
}

}  // namespace mimus::conformance
