// A reply as data that can be changed and then turned into the bytes of a recording: the good replies of the self-check
// and what deviations make of them. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/header.h"
#include "api/json.h"
#include "api/result.h"
#include "conformance/client/recording.h"
#include "conformance/upstream.h"

namespace mimus::conformance {

struct ScriptedReply {
  int status = 200;
  std::vector<Header> headers;
  bool is_stream = false;
  std::string body;                    // unless it is a stream
  std::vector<std::string> frames;     // whole: "data: {...}\n\n"
  bool is_short = false;               // the connection closes before the announced length
  bool never_closes = false;           // a stream whose body ends long after its last event
  bool is_bunched = false;             // all frames come together, 3 s late
  bool no_second = false;              // a kept connection takes no second request
  bool no_second_after_error = false;  // the same, only after a refused one
  std::vector<UpstreamCall> upstream;  // what the target asked of its upstream before it replied so
};

void set_header(ScriptedReply& reply, std::string_view name, const std::string& value);
void remove_header(ScriptedReply& reply, std::string_view name);

// The recording of an exchange that brought `reply`; frames arrive a millisecond apart.
Recording record(const ScriptedReply& reply, const Request& request, const std::optional<Request>& lead);

}  // namespace mimus::conformance
