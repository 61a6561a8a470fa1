// The rule that holds a body, or every chunk of a stream, against a JSON Schema.
#include "conformance/validate/rules.h"
#include "conformance/validate/schema.h"

namespace mimus::conformance {
namespace {

Finding judge_text(std::string_view schema, std::string_view text, const Transcript& transcript,
                   std::optional<std::size_t> event) {
  const auto problem = validate_schema(schema, text);
  if (!problem) return {Finding::Kind::Failed, "", "", problem.error().text(), {}, Verdict::Fail};
  if (!*problem) return holds();
  const SchemaProblem& what = **problem;
  const auto json = parse_json(text);
  const Json at = json ? json->root().find_pointer(what.pointer) : Json();
  return broken(event ? in_event(transcript, *event, what.pointer) : in_body(transcript, what.pointer), what.expected,
                quoted(to_text(at)));
}

}  // namespace

// schema: a file of fixtures/schemas without its ending; over: "chunks" for each chunk of a stream.
Finding judge_schema(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view schema = args.find("schema").string_or("");
  if (args.find("over").string_or("") != "chunks") return judge_text(schema, transcript.body, transcript, {});
  for (const Chunk& chunk : chunks_of(transcript)) {
    Finding finding = judge_text(schema, to_text(chunk.json), transcript, chunk.event);
    if (finding.kind != Finding::Kind::Holds) return finding;
  }
  return holds();
}

}  // namespace mimus::conformance
