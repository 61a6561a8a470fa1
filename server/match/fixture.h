// A fixture: when it applies, and what is then said. Read from JSON by fixture_reader.h; immutable after that, so
// thread-safe. docs/fixtures.md is its manual, fixtures/schemas/fixtures.schema.json its JSON Schema.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/json.h"
#include "server/delivery.h"
#include "server/match/directives.h"
#include "server/match/template.h"
#include "server/match/when_reader.h"
#include "server/reply.h"

namespace mimus::server {

struct ScriptedToolCall {
  std::string id;  // empty: to be made
  std::string name;
  Template arguments;  // JSON text; when the fixture gave a string, that string as it is
  bool is_custom = false;
};

struct ScriptedChoice {
  Template text;
  std::optional<Template> refusal;
  Template reasoning;
  std::vector<ScriptedToolCall> tool_calls;
  std::optional<FinishReason> finish;  // nothing: follows from the rest
  std::vector<TokenLogprob> logprobs;
};

// What is not given is counted.
struct ScriptedUsage {
  std::optional<std::int64_t> prompt_tokens;
  std::optional<std::int64_t> completion_tokens;
  std::optional<std::int64_t> cached_tokens;
  std::optional<std::int64_t> reasoning_tokens;
};

// Nothing is scripted but pace, headers, faults: the reply is synthesised as without a fixture.
struct Synthesised {};

// One choice answers every choice asked for by `n`; several are given out in order.
struct ScriptedChoices {
  std::vector<ScriptedChoice> choices;
  ScriptedUsage usage;
};

// The row `situation` of the dialect's error table, with the members given here in its place. Without a situation,
// status and message are given.
struct ScriptedError {
  std::string situation;
  std::optional<int> status;
  std::optional<Template> message;
  std::optional<std::string> type;
  std::optional<std::string> param;
  std::optional<std::string> code;
};

struct ScriptedEmbeddings {
  std::vector<std::vector<double>> vectors;  // for input i vector i, modulo how many there are; at least one
};

struct ScriptedImage {
  std::string url;
  std::string b64_json;
  std::string revised_prompt;
};
struct ScriptedImages {
  std::vector<ScriptedImage> images;  // at least one
};

// Bytes as they are, past every encoder.
struct RawChunk {
  std::string bytes;
  Duration at{0};  // since the request was complete; never before the one ahead
};
struct ScriptedRaw {
  int status = 200;
  Template body;                 // of a whole reply
  std::vector<RawChunk> chunks;  // of a streamed one, each leaves in one write; then there is no body
  std::string content_type;      // where the headers have none
  Ending ending = Ending::Clean;
};

struct ScriptedReply {
  std::variant<Synthesised, ScriptedChoices, ScriptedError, ScriptedEmbeddings, ScriptedImages, ScriptedRaw> content;
  std::vector<std::pair<std::string, Template>> headers;
  Duration delay{0};      // before the head, whatever is said
  Directives directives;  // pace, faults and whatever else steers this reply
};

enum class Then {
  Repeat,       // the last reply again
  Cycle,        // from the start
  FallThrough,  // the fixture no longer matches
  Error,        // the caller is told that the script has ended
};

struct Fixture {
  std::string name;  // may be empty
  When when;
  std::vector<ScriptedReply> replies;  // at least one
  Then then = Then::Repeat;
  std::optional<std::uint64_t> times;  // per test
  std::vector<StateValue> set;         // states of the test once the fixture was used
  int priority = 0;                    // the higher wins, before how specific a fixture is

  std::uint64_t id = 0;                          // unique in a FixtureStore, in the order of loading; never used twice
  std::string origin;                            // "weather.json: /fixtures/3"
  Json source;                                   // as it was written, a view into `document`
  std::shared_ptr<const JsonDocument> document;  // shared by the fixtures of one file, whose views point into it

  // Whether it may cease to match, so that another's turn comes.
  [[nodiscard]] bool can_run_out() const { return times || then == Then::FallThrough; }
};

// For messages: the name, or where the fixture stands.
inline std::string title_of(const Fixture& fixture) {
  return fixture.name.empty() ? fixture.origin : '"' + fixture.name + '"';
}

}  // namespace mimus::server
