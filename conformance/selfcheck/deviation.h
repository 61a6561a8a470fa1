// A deviation: a known way of being wrong, as data (fixtures/deviations/*.json, format in docs/conformance.md). Each is
// named after the check that exists to find it. The mock commits them on request; here they are applied to good
// replies, to prove without any server that every check can fail, and fails alone.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "conformance/client/recording.h"
#include "conformance/selfcheck/scripted_reply.h"

namespace mimus::conformance {

struct DeviationStep {
  enum class Op {
    Set,           // at, value: in the JSON body, or in the frames that `frame` names
    Remove,        // at
    Rename,        // at, to
    DropFrame,     // frame
    RepeatFrame,   // frame
    SwapFrames,    // frame and the one after it
    ReplaceFrame,  // frame, text: the whole frame, blank line and all
    InsertFrame,   // text, before frame
    AppendFrame,   // text, behind all
    Reframe,       // name: another legal spelling of all frames, "crlf" and the like
    Status,        // value
    Header,        // name, value; without value it is removed
    Body,          // text: the whole body; a stream becomes none
    Cut,           // the connection closes before the end of the body
    LateEnd,       // the body ends long after its last event
    Bunch,         // all frames leave together, 3 s late
    NoSecond,      // a kept connection takes no second request; name: "error" for only after a refused one
    Ignore,        // name: a parameter of the request that is accepted and ignored; only the mock can commit it
    // What a target does to its upstream; only a gateway can commit these.
    AskAgain,   // value: how many more requests it makes there
    AskSet,     // at, value: in the body of its request
    AskRemove,  // at
    AskStay,    // it does not notice that its client has left
  };
  Op op = Op::Set;
  std::string at;
  std::string to;
  std::string frame;  // which frames of a stream, see docs/conformance.md: "first", "finish", "content!", "3" ...
  std::string text;
  std::string name;
  JsonDocument value;
  bool has_value = false;
};

struct DeviationWhen {
  std::string method;        // empty: any
  std::string path;          // the end of the path, where * stands for one step of it; empty: any
  std::string reply;         // "success", "error" or empty: any
  std::string body;          // "not-json", "not-utf8", "not-object", "empty", or nothing: any
  std::string body_has;      // a text that stands in the request body, whatever that is
  bool is_chunked = false;   // only requests whose body comes in chunks
  std::string header_named;  // a header whose name is spelled exactly so
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;  // contains this text; nothing: is not there
  std::vector<std::string> has;                                             // pointers into the request body
  std::vector<std::string> lacks;
  std::vector<std::pair<std::string, JsonDocument>> equals;
};

struct Deviation {
  std::string check;  // the id of the check that finds it
  std::string what;   // for people: "finish_reason is an empty string before the end"
  DeviationWhen when;
  DeviationWhen narrow;  // further conditions, for the requests of `mimus check` alone: no other check may see it
  std::vector<DeviationStep> steps;
  std::string not_served;  // why a server cannot commit it; empty: it can
};

// All deviations of one file; errors name place and finding.
Result<std::vector<Deviation>> read_deviations(std::string_view text, const std::string& file);

// The names of all deviations that a server can commit, in the order of their files.
std::vector<std::string> deviation_names();

// All embedded deviations, or those of the checks `ids`. Errors name place and finding, or an id that has none.
Result<std::vector<Deviation>> load_deviations(const std::vector<std::string>& ids = {});

// Whether a request whose good reply is `reply` is one that `when` names.
bool holds(const DeviationWhen& when, const Request& request, const ScriptedReply& reply);

// The same for all conditions of a deviation, the narrow ones too.
bool applies(const Deviation& deviation, const Request& request, const ScriptedReply& reply);

// Spoils the reply. False when a step is one that only a server can commit.
bool commit(const Deviation& deviation, ScriptedReply& reply);

}  // namespace mimus::conformance
