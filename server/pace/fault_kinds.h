// The faults, each in its own file fault_*.cc. Internal to pace. All keep what they do not spoil.
#pragma once

#include "server/pace/fault_args.h"

namespace mimus::server {

// Ends early. Parameters: fault_cut.cc.
Delivery fault_cut(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// Falls silent before the head, or behind a number of chunks, and keeps the connection.
Delivery fault_hang(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// Not more than a number of bytes per second, in small pieces.
Delivery fault_slow(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// One chunk lacks its last brace.
Delivery fault_bad_json(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// The terminator [DONE] is missing, or comes twice.
Delivery fault_no_done(Delivery delivery, const FaultArgs& args, const FaultContext& context);
Delivery fault_double_done(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// One chunk is missing, comes twice, or changes places with the one behind it.
Delivery fault_drop(Delivery delivery, const FaultArgs& args, const FaultContext& context);
Delivery fault_duplicate(Delivery delivery, const FaultArgs& args, const FaultContext& context);
Delivery fault_swap(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// A stream that began well ends with an event that reports an error.
Delivery fault_error_event(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// Server-sent events written in another way than usual; most ways are legal. Source: WHATWG HTML 9.2.
Delivery fault_framing(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// Another Content-Type over the same body.
Delivery fault_content_type(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// The error page of a proxy instead of the reply.
Delivery fault_html(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// The head of the reply without a body.
Delivery fault_empty(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// A Content-Length larger than the body, then the end of the connection.
Delivery fault_short_body(Delivery delivery, const FaultArgs& args, const FaultContext& context);
// Seeded random bytes instead of the body, or of all.
Delivery fault_garbage(Delivery delivery, const FaultArgs& args, const FaultContext& context);

}  // namespace mimus::server
