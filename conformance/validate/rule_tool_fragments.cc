// Rules about tool calls that arrive in pieces.
// Sources: OpenAI API reference, ChatCompletionMessageToolCallChunk; what openai-node and openai-python do with pieces.
#include <array>
#include <map>

#include "api/object_reader.h"
#include "conformance/validate/choice_steps.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

struct Fragment {
  std::size_t event = 0;
  std::string pointer;
  Json json;
};
using Fragments = std::vector<Fragment>;

Fragments fragments_of(const Transcript& transcript) {
  Fragments fragments;
  for (const auto& [index, steps] : choice_steps(transcript)) {
    for (const ChoiceStep& step : steps) {
      const Json calls = step.delta().find("tool_calls");
      for (std::size_t i = 0; calls.is_array() && i < calls.size(); ++i) {
        fragments.push_back({step.event, step.pointer + "/delta/tool_calls/" + std::to_string(i), calls.at(i)});
      }
    }
  }
  return fragments;
}

std::map<std::int64_t, Fragments> by_index(const Fragments& fragments) {
  std::map<std::int64_t, Fragments> calls;
  for (const Fragment& fragment : fragments) calls[fragment.json.find("index").int_or(-1)].push_back(fragment);
  return calls;
}

Place at(const Transcript& transcript, const Fragment& fragment, const std::string& below) {
  return in_event(transcript, fragment.event, fragment.pointer + below);
}

Finding judge_index(const Transcript& transcript, const Fragments& fragments) {
  for (const Fragment& fragment : fragments) {
    const Json index = fragment.json.find("index");
    if (!index.is_integer()) return broken(at(transcript, fragment, "/index"), "an integer", describe(index));
  }
  return holds();
}

// An id that is new under an index that is taken: two calls in one place.
Finding judge_distinct_index(const Transcript& transcript, const Fragments& fragments) {
  const auto calls = by_index(fragments);
  std::int64_t expected = 0;
  for (const auto& [index, pieces] : calls) {
    if (index != expected++) {
      return broken(at(transcript, pieces.front(), "/index"), std::to_string(expected - 1), std::to_string(index));
    }
    std::string_view id;
    for (const Fragment& piece : pieces) {
      const std::string_view own = piece.json.find("id").string_or("");
      const bool starts = !own.empty() && piece.json.find_pointer("/function/name").is_string();
      if (starts && !id.empty() && own != id) {
        return broken(at(transcript, piece, "/index"), "an index of its own for each call",
                      std::to_string(index) + " again for " + quoted(own));
      }
      if (starts) id = own;
    }
  }
  return holds();
}

Finding judge_first(const Transcript& transcript, const Fragments& fragments) {
  for (const auto& [index, pieces] : by_index(fragments)) {
    const Fragment& first = pieces.front();
    for (const char* member : {"/id", "/function/name"}) {
      const Json value = first.json.find_pointer(member);
      if (value.string_or("").empty()) {
        return broken(at(transcript, first, member), "in the first piece of each call", describe(value));
      }
    }
    const Json type = first.json.find("type");
    if (type.string_or("") != "function") return broken(at(transcript, first, "/type"), "\"function\"", describe(type));
  }
  return holds();
}

Finding judge_identity(const Transcript& transcript, const Fragments& fragments) {
  for (const auto& [index, pieces] : by_index(fragments)) {
    for (const char* member : {"/id", "/function/name"}) {
      const std::string_view first = pieces.front().json.find_pointer(member).string_or("");
      for (const Fragment& piece : pieces) {
        const Json value = piece.json.find_pointer(member);
        if (value.string_or("").empty() || value.as_string() == first) continue;
        return broken(at(transcript, piece, member), quoted(first) + " or nothing", describe(value));
      }
    }
  }
  return holds();
}

Finding judge_not_repeated(const Transcript& transcript, const Fragments& fragments) {
  for (const auto& [index, pieces] : by_index(fragments)) {
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      for (const char* member : {"/id", "/function/name"}) {
        const Json value = pieces[i].json.find_pointer(member);
        if (value) return broken(at(transcript, pieces[i], member), "only in the first piece", describe(value));
      }
    }
  }
  return holds();
}

Finding judge_arguments(const Transcript& transcript, const Fragments& fragments) {
  for (const Fragment& fragment : fragments) {
    const Json arguments = fragment.json.find_pointer("/function/arguments");
    if (!arguments || arguments.is_string()) continue;
    return broken(at(transcript, fragment, "/function/arguments"), "a string", describe(arguments));
  }
  return holds();
}

Finding judge_concat(const Transcript& transcript, const Fragments& fragments) {
  for (const auto& [index, pieces] : by_index(fragments)) {
    std::string joined;
    for (const Fragment& piece : pieces) joined += piece.json.find_pointer("/function/arguments").string_or("");
    const auto json = parse_json(joined);
    if (json && json->root().is_object()) continue;
    return broken(at(transcript, pieces.back(), "/function/arguments"), "pieces that join to a JSON object",
                  quoted(joined));
  }
  return holds();
}

struct Want {
  std::string_view name;
  Finding (*judge)(const Transcript&, const Fragments&);
};
constexpr std::array<Want, 7> kWants = {{{"index", &judge_index},
                                         {"index-distinct", &judge_distinct_index},
                                         {"first", &judge_first},
                                         {"identity", &judge_identity},
                                         {"not-repeated", &judge_not_repeated},
                                         {"arguments", &judge_arguments},
                                         {"concat", &judge_concat}}};

bool was_cut(const Transcript& transcript) {
  for (const auto& [index, steps] : choice_steps(transcript)) {
    for (const ChoiceStep& step : steps) {
      if (step.finish().string_or("") == "length") return true;
    }
  }
  return false;
}

}  // namespace

// want: one of the names above.
Finding judge_tool_fragments(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view name = args.find("want").string_or("");
  const Fragments fragments = fragments_of(transcript);
  if (fragments.empty()) return undecided("the reply has no tool call");
  if (name == "concat" && was_cut(transcript)) return undecided("the reply was cut off by its length");
  for (const Want& want : kWants) {
    if (want.name == name) return want.judge(transcript, fragments);
  }
  return {Finding::Kind::Failed, "", "", "no such want", {}, Verdict::Fail};
}

}  // namespace mimus::conformance
