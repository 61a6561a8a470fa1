// From a probe to the request that goes out. Pure.
#pragma once

#include <optional>
#include <string>

#include "conformance/client/recording.h"
#include "conformance/run/facts.h"
#include "conformance/run/placeholder.h"
#include "conformance/run/probe.h"
#include "conformance/target.h"

namespace mimus::conformance {

// The key that the "wrong" auth sends: no real key looks like it.
inline constexpr std::string_view kWrongKey = "mimus-wrong-key-0123456789abcdef";

// The request of `probe`; nothing when `resolve` has no value for one of its placeholders.
std::optional<Request> make_request(const Target& target, const Probe& probe, const Resolver& resolve);

}  // namespace mimus::conformance
