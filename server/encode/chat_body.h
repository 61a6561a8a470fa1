// Turns a reply into the body of POST /chat/completions that is not streamed. Pure and thread-safe.
// Sources: OpenAI API reference, chat completion object; recorded replies for the order of members and for what is null
// and what is absent. A placeholder (refusal: null, annotations: [], logprobs: null ...) is only there where the style
// has it; what a reply really holds is always written.
#pragma once

#include <string>

#include "server/encode/chat_frame.h"
#include "server/reply.h"

namespace mimus::server {

std::string encode_chat(const ChatFrame& frame, const Reply& reply);

}  // namespace mimus::server
