// A rule: a pure function from transcripts and arguments to a finding. The catalogue names rules and gives arguments;
// a check needs no code of its own unless it computes something new.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "conformance/catalogue/expectations.h"
#include "conformance/outcome.h"
#include "conformance/run/facts.h"
#include "conformance/transcript.h"

namespace mimus::conformance {

// What a rule may look at besides the transcripts it is given.
struct Scene {
  const Transcripts& transcripts;
  const Facts& facts;
  const Expectations& expect;
  bool expects_auth = false;  // the user says that the target wants a key

  [[nodiscard]] const Transcript* find(std::string_view probe) const;
};

using TranscriptList = std::vector<const Transcript*>;

struct Rule {
  std::string_view name;
  std::vector<std::string_view> args;  // all that it knows: a test refuses others in the catalogue
  // One of the two. `one` is asked for each transcript, and the first that is broken stands for all; `all` sees them
  // together, in the order of the check's probes.
  Finding (*one)(const Transcript&, Json args, const Scene&) = nullptr;
  Finding (*all)(const TranscriptList&, Json args, const Scene&) = nullptr;
};

// All rules (validate/rules.cc); nullptr when there is none of that name.
const Rule* find_rule(std::string_view name);

// Findings.
Finding holds();
Finding broken(Place place, std::string expected, std::string found, Verdict at_most = Verdict::Fail);
Finding note(Place place, std::string found, std::string reason);
Finding not_applicable(std::string reason);
Finding undecided(std::string reason);

// Places.
Place in_body(const Transcript& transcript, std::string pointer);
Place in_header(const Transcript& transcript, std::string_view name);
Place in_event(const Transcript& transcript, std::size_t event, std::string pointer = "");
Place in_reply(const Transcript& transcript);

// All values that `pattern` names: a JSON pointer in which a step "*" stands for every element or member. A last step
// that is not there gives a Missing value; an earlier one that is not there gives nothing.
struct Located {
  std::string pointer;
  Json json;
};
std::vector<Located> find_all(Json root, std::string_view pattern);

// The data events that are JSON objects without an error, with their numbers among the events.
struct Chunk {
  std::size_t event = 0;
  Json json;
};
std::vector<Chunk> chunks_of(const Transcript& transcript);

// `text` in quotes for a message, control characters escaped, cut when long.
std::string quoted(std::string_view text);

}  // namespace mimus::conformance
