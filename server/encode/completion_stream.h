// Streams a legacy completion: chunks of the object "text_completion", then the usage, where asked for, and [DONE].
// Source: OpenAI API reference, completion object (streamed).
#pragma once

#include <memory>

#include "server/delivery.h"
#include "server/encode/chat_frame.h"
#include "server/encode/stream_options.h"
#include "server/reply.h"

namespace mimus::server {

std::unique_ptr<FrameSource> make_completion_stream(const ChatFrame& frame, Reply reply, const StreamOptions& options);

}  // namespace mimus::server
