// A check: one requirement as data. What it demands is a rule of validate/ with arguments; this is everything else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "conformance/outcome.h"

namespace mimus::conformance {

enum class CheckClass {
  Wire,      // independent of what the model says
  Model,     // inconclusive when the model does not play along
  Loopback,  // exact only with mimus as the upstream of the target
};
std::string_view name_of(CheckClass check_class);  // "wire"

struct Check {
  std::string id;  // words: "chat.stream.done-sentinel"
  std::string area;
  Level level = Level::Must;
  CheckClass check_class = CheckClass::Wire;
  std::string requires_text;        // the requirement in one sentence
  std::string source;               // the document or client that says so
  std::string why;                  // what goes wrong otherwise
  std::vector<std::string> breaks;  // "openai-node: the stream helper throws": who breaks, and how
  std::vector<std::string> seen;    // public reports of this deviation: "owner/repo#1"
  std::string fix;                  // how to mend it; may be empty
  std::string since;                // release of mimus that brought it
  std::vector<std::string> probes;  // whose transcripts it reads; "errors.*" names all of that prefix
  std::string gate;                 // what a transcript must be to be judged; empty: as its probe expects
  JsonDocument where;  // asked only where the dialect's document has these values, by pointer, or nothing there
  std::string rule;
  JsonDocument args;               // of the rule
  std::vector<std::string> after;  // checks without which this one says nothing new: it is skipped when one failed
};

// The check in `json`, at `where` of its file.
Result<Check> read_check(Json json, const std::string& where, const std::string& area);

}  // namespace mimus::conformance
