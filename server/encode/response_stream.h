// Streams a Responses object as its events, each with its name, its sequence number from 0, and no terminator: the
// stream ends after the last event. Source: OpenAI API reference, streaming events; recorded streams for their order.
#pragma once

#include <memory>

#include "api/api_error.h"
#include "server/delivery.h"
#include "server/encode/response_frame.h"
#include "server/encode/stream_options.h"
#include "server/reply.h"

namespace mimus::server {

// created (queued, for one in the background), in_progress; each item with its parts, deltas and ends, one item after
// the other; completed or incomplete. The first events are due at once, the first item with the first token.
std::unique_ptr<FrameSource> make_response_stream(ResponseFrame frame, Reply reply, const StreamOptions& options);

// created, in_progress, failed. The last is due at `failed_at`.
std::unique_ptr<FrameSource> make_failed_response_stream(const ResponseFrame& frame, const ApiError& error,
                                                         Duration failed_at);

}  // namespace mimus::server
