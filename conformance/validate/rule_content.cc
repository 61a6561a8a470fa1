// Rules about the text of an answer: what form it has, never what it means.
#include "conformance/validate/answer.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

bool was_cut(const std::string& finish) {
  return finish == "length" || finish == "content_filter" || finish == "max_output_tokens" || finish == "MAX_TOKENS" ||
         finish == "SAFETY";
}

std::string_view kind_name(Json json) {
  if (json.is_string()) return "string";
  if (json.is_integer()) return "integer";
  if (json.is_number()) return "number";
  if (json.is_bool()) return "boolean";
  if (json.is_array()) return "array";
  return json.is_object() ? "object" : "null";
}

Finding judge_members(const Transcript& transcript, Json answer, Json wanted) {
  for (const auto [name, type] : wanted.members()) {
    const Json found = answer.find(name);
    if (found && kind_name(found) == type.string_or("")) continue;
    return broken(in_reply(transcript), "a member " + quoted(name) + " of type " + std::string(type.string_or("")),
                  found ? std::string(kind_name(found)) : "none");
  }
  for (const auto [name, value] : answer.members()) {
    if (wanted && !wanted.find(name)) {
      return broken(in_reply(transcript), "no members but those of the schema", quoted(name));
    }
  }
  return holds();
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

}  // namespace

// want: "json" (a JSON object, with the members of `has` by type and no others), "no-fence" (no Markdown or prose
// around it), "lacks" (`text` does not stand in it), "some" (it is not empty). An answer that a cap or a filter cut is
// not judged.
Finding judge_content(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view want = args.find("want").string_or("");
  const Answer answer = answer_of(transcript);
  const std::string_view text = without_blanks(answer.text);
  if (want == "lacks") {
    const std::string_view unwanted = args.find("text").string_or("");
    return answer.text.find(unwanted) == std::string::npos
               ? holds()
               : broken(in_reply(transcript), "an answer without " + quoted(unwanted), quoted(answer.text));
  }
  if (was_cut(answer.finish)) return undecided("the answer was cut: " + answer.finish);
  if (want == "some") return text.empty() ? broken(in_reply(transcript), "some text", "none") : holds();
  if (text.empty()) return undecided("there is no text");
  if (want == "no-fence") {
    return text.starts_with('{') || text.starts_with('[')
               ? holds()
               : broken(in_reply(transcript), "JSON and nothing else", quoted(answer.text));
  }
  const auto parsed = parse_json(answer.text);
  if (!parsed || !parsed->root().is_object()) {
    return broken(in_reply(transcript), "an answer that is a JSON object", quoted(answer.text));
  }
  return judge_members(transcript, parsed->root(), args.find("has"));
}

}  // namespace mimus::conformance
