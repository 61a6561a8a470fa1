// Streams a chat completion as server-sent events. Sources: WHATWG HTML 9.2 (framing); OpenAI API reference, chat
// completion chunk; recorded streams (order of members and chunks).
#pragma once

#include <memory>

#include "server/delivery.h"
#include "server/encode/chat_frame.h"
#include "server/encode/stream_options.h"
#include "server/reply.h"

namespace mimus::server {

// One event per frame, encoded when it is asked for. Each choice has a chunk with the role, its deltas, and a chunk
// with its finish reason; several choices take turns, beginning in the order of their indexes. Then the usage, where
// asked for, and [DONE]. A chunk is due with its first token, the last ones when the next token would have come.
std::unique_ptr<FrameSource> make_chat_stream(const ChatFrame& frame, Reply reply, const StreamOptions& options);

}  // namespace mimus::server
