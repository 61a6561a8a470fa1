// The rule that most checks use: what stands at a place of a JSON body, or of every chunk of a stream.
#include <cstdlib>

#include "api/object_reader.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

bool is_of_type(Json json, std::string_view type) {
  switch (json.kind()) {
    case Json::Kind::Null:
      return type == "null";
    case Json::Kind::Bool:
      return type == "boolean";
    case Json::Kind::Integer:
      return type == "integer" || type == "number";
    case Json::Kind::Number:
      return type == "number";
    case Json::Kind::String:
      return type == "string";
    case Json::Kind::Array:
      return type == "array";
    case Json::Kind::Object:
      return type == "object";
    case Json::Kind::Missing:
      return false;
  }
  return false;
}

bool has_type(Json json, Json types) {
  for (const Json type : types.elements()) {
    if (is_of_type(json, type.string_or(""))) return true;
  }
  return !types || is_of_type(json, types.string_or(""));
}

std::string types_text(Json types) {
  if (types.is_string()) return std::string(types.as_string());
  std::string text;
  for (const Json type : types.elements()) text += (text.empty() ? "" : " or ") + std::string(type.string_or(""));
  return text;
}

bool is_among(Json json, Json values) {
  for (const Json value : values.elements()) {
    if (equal(json, value)) return true;
  }
  return false;
}

bool is_empty(Json json) {
  return (json.is_string() && json.as_string().empty()) || (!json.is_string() && json.size() == 0);
}

std::string number_text(Json json) {
  return to_text(json);
}

// What is expected of a value that is there; empty when all is well.
std::string expectation_missed(Json json, Json args, const Scene& scene) {
  if (!has_type(json, args.find("type"))) return types_text(args.find("type"));
  if (json.is_null() && args.find("type")) return "";  // allowed by its type; nothing else can be asked of it
  if (args.find("values") && !is_among(json, args.find("values"))) return "one of " + to_text(args.find("values"));
  if (args.find("nonempty").bool_or(false) && is_empty(json)) return "not empty";
  if (const Json min = args.find("min"); min && json.is_number() && json.as_double() < min.as_double()) {
    return "at least " + number_text(min);
  }
  if (const Json max = args.find("max"); max && json.is_number() && json.as_double() > max.as_double()) {
    return "at most " + number_text(max);
  }
  if (const Json near = args.find("near_now");
      near && json.is_number() && scene.facts.started_at > 0 &&
      std::abs(json.as_double() - static_cast<double>(scene.facts.started_at)) > near.as_double()) {
    return "seconds since 1970, within " + number_text(near) + " of " + std::to_string(scene.facts.started_at);
  }
  if (const Json holds_json = args.find("holds_json"); holds_json && json.is_string()) {
    const auto inner = parse_json(json.as_string());
    if (!inner) return "a string that holds JSON";
    if (holds_json.string_or("") == "object" && !inner->root().is_object()) return "a string that holds a JSON object";
  }
  return "";
}

Finding judge_located(const Located& located, Place place, Json args, const Scene& scene) {
  const bool wanted = args.find("present").bool_or(true);
  if (!located.json) {
    const bool fine = !wanted || args.find("absent").string_or("") == "ok";
    return fine ? holds() : broken(std::move(place), "the member " + located.pointer, "nothing");
  }
  if (!wanted) return broken(std::move(place), "no member " + located.pointer, describe(located.json));
  std::string missed = expectation_missed(located.json, args, scene);
  return missed.empty() ? holds() : broken(std::move(place), std::move(missed), describe(located.json));
}

// The value that the dialect documents for a situation, where it documents one.
Finding judge_documented(const Transcript& transcript, Json args, const Scene& scene) {
  const std::string_view at = args.find("at").string_or("");
  const ExpectedError* error = scene.expect.find_error(args.find("situation").string_or(""));
  const bool wants_type = args.find("field").string_or("code") == "type";
  std::optional<std::string> wanted;
  if (error != nullptr) wanted = wants_type ? error->type : error->code;
  if (error != nullptr && !wanted) return not_applicable("the dialect documents none");
  if (!wanted && args.find("values")) wanted = args.find("values").at(0).string_or("");
  const Json found = transcript.json().find_pointer(at);
  if (wanted && found.string_or("") == *wanted) return holds();
  return broken(in_body(transcript, std::string(at)), quoted(wanted.value_or("")), describe(found));
}

// One broken place stands for all, with their number.
class Worst {
 public:
  void add(Finding finding) {
    ++places_;
    if (finding.kind != Finding::Kind::Broken) return;
    if (++broken_ == 1) first_ = std::move(finding);
  }
  Finding result(std::string_view at, bool empty_ok) {
    if (places_ == 0 && !empty_ok) return undecided("there is nothing at " + std::string(at));
    if (broken_ > 1) first_.found += " (" + std::to_string(broken_) + " of " + std::to_string(places_) + " places)";
    return first_;
  }

 private:
  Finding first_;
  std::size_t places_ = 0;
  std::size_t broken_ = 0;
};

// Azure begins a chat stream with the results of its filters, in a chunk whose id is empty and that has no choices.
bool is_prelude(Json chunk) {
  const Json id = chunk.find("id");
  return chunk.find("prompt_filter_results") || (id && id.string_or("x").empty() && chunk.find("choices").size() == 0);
}

std::vector<Chunk> chunks_named(const Transcript& transcript, std::string_view which) {
  std::vector<Chunk> chunks = chunks_of(transcript);
  if (chunks.size() > 1 && is_prelude(chunks.front().json)) chunks.erase(chunks.begin());
  if (which == "first" && chunks.size() > 1) chunks.resize(1);
  if (which == "last" && chunks.size() > 1) chunks.erase(chunks.begin(), chunks.end() - 1);
  return chunks;
}

}  // namespace

// at: pointer, "*" for every element; over: "chunks", "first" or "last" chunk of a stream. present: false forbids the
// member; absent: "ok" allows it to be missing. type, values, nonempty, min, max, near_now (seconds), holds_json ("any"
// or "object"): what its value must be. situation, field: the value that the dialect documents. dialect_member: ask
// only where the dialect's errors have it; dialect_created: only where its list of models shows a date. empty_ok:
// nothing to look at is fine.
Finding judge_member(const Transcript& transcript, Json args, const Scene& scene) {
  const std::string_view at = args.find("at").string_or("");
  const std::string_view member = args.find("dialect_member").string_or("");
  if (!member.empty() && !scene.expect.has_error_member(member)) {
    return not_applicable("errors of this dialect have no " + std::string(member));
  }
  if (args.find("dialect_created").bool_or(false) && !scene.expect.models_have_created) {
    return not_applicable("the list of models in the documents of " + scene.expect.dialect + " has none");
  }
  if (args.find("situation")) return judge_documented(transcript, args, scene);
  const bool empty_ok = args.find("empty_ok").bool_or(false);
  Worst worst;
  if (args.find("over")) {
    for (const Chunk& chunk : chunks_named(transcript, args.find("over").string_or(""))) {
      for (const Located& located : find_all(chunk.json, at)) {
        worst.add(judge_located(located, in_event(transcript, chunk.event, located.pointer), args, scene));
      }
    }
    return worst.result(at, empty_ok);
  }
  for (const Located& located : find_all(transcript.json(), at)) {
    worst.add(judge_located(located, in_body(transcript, located.pointer), args, scene));
  }
  return worst.result(at, empty_ok);
}

}  // namespace mimus::conformance
