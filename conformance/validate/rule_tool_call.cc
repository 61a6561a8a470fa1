// A rule about whether a reply calls tools as tool_choice says. Which tool a model picks and with what values is its
// own affair; only a forced choice is judged.
#include "api/object_reader.h"
#include "conformance/validate/choice_steps.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

struct Calls {
  std::size_t count = 0;
  std::string first_name;
  std::string finish;
};

Calls calls_of(const Transcript& transcript) {
  Calls calls;
  if (!transcript.is_stream()) {
    const Json choice = transcript.json().find_pointer("/choices/0");
    const Json list = choice.find_pointer("/message/tool_calls");
    calls.count = list.is_array() ? list.size() : 0;
    calls.first_name = list.at(0).find_pointer("/function/name").string_or("");
    calls.finish = choice.find("finish_reason").string_or("");
    return calls;
  }
  for (const auto& [index, steps] : choice_steps(transcript)) {
    for (const ChoiceStep& step : steps) {
      if (!step.finish().string_or("").empty()) calls.finish = step.finish().as_string();
      for (const Json call : step.delta().find("tool_calls").elements()) {
        const std::string_view name = call.find_pointer("/function/name").string_or("");
        if (!name.empty() && ++calls.count == 1) calls.first_name = name;
      }
    }
  }
  return calls;
}

}  // namespace

// want: "some" (at least one call), "none", "named" (a call of `name`), "one" (at most one),
// "finish" (tool_calls when tools were called; with a named choice stop is right as well).
Finding judge_tool_choice(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view want = args.find("want").string_or("");
  const Calls calls = calls_of(transcript);
  const Place place = in_body(transcript, "/choices/0/message/tool_calls");
  if (calls.finish == "content_filter") return undecided("the reply was filtered");
  if (want == "none")
    return calls.count == 0 ? holds() : broken(place, "no call", std::to_string(calls.count) + " calls");
  if (want == "one") return calls.count <= 1 ? holds() : broken(place, "at most one call", std::to_string(calls.count));
  if (calls.count == 0 && calls.finish == "length") return undecided("the reply was cut off before a call");
  if (want == "some") return calls.count > 0 ? holds() : broken(place, "at least one call", "none");
  if (calls.count == 0) return undecided("the reply has no tool call");
  if (want == "named") {
    const std::string_view name = args.find("name").string_or("");
    return calls.first_name == name ? holds() : broken(place, "a call of " + quoted(name), quoted(calls.first_name));
  }
  const bool named = transcript.sent().find("tool_choice").is_object();
  if (calls.finish == "tool_calls" || (named && calls.finish == "stop")) return holds();
  if (calls.finish == "length") return undecided("the reply was cut off by its length");
  return broken(in_body(transcript, "/choices/0/finish_reason"), "\"tool_calls\"", quoted(calls.finish));
}

}  // namespace mimus::conformance
