// Whether a transcript can be judged at all: the place where rate limits, missing endpoints, refused parameters and
// broken connections are kept from being taken for faults of whatever a check looks at. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "conformance/validate/rule.h"

namespace mimus::conformance {

// What stands in the way; nothing when the rule may look. Gates:
//   ""          as the transcript's probe expects: json, stream, error or reply
//   "json"      success with a JSON body       "stream"  success with an event stream
//   "error"     an error reply; a success is not this check's matter
//   "success-body"  success with any complete body
//   "error"     an error reply of an endpoint that is offered; a success is not this check's matter
//   "error-any" any error reply, 401 and 404 among them
//   "reply"     any complete reply of an endpoint that is offered, with a key that is taken
//   "any-reply" any complete reply that is not a rate limit
//   "auth"      the same, but open targets are skipped
//   "sent"      the target was reached; having no reply at all is the check's matter
//   "429"       a rate limit was met; else skipped
//   "any"       the probe was sent; the rule copes with whatever came
std::optional<Finding> gate(const Transcript& transcript, std::string_view gate_name, const Scene& scene);

}  // namespace mimus::conformance
