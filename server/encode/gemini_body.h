// GenerateContentResponse, whole and streamed: one neutral reply in the shape of the Gemini API. Pure and thread-safe.
// Sources: Google's GenAI SDK (types) and its recorded traffic. Arguments of a function call are an object here, calls
// finish with STOP, and only the last chunk of a candidate has a finish reason.
#pragma once

#include <memory>
#include <string>

#include "server/delivery.h"
#include "server/encode/stream_options.h"
#include "server/reply.h"

namespace mimus::server {

struct GeminiFrame {
  std::string response_id;
  std::string model_version;
};

std::string encode_gemini(const GeminiFrame& frame, const Reply& reply);

enum class GeminiFraming {
  Events,  // ?alt=sse: "data: {...}" and an empty line, with CRLF; no terminator
  Array,   // else: one JSON array, an element a frame
};

// Only the last chunk of all counts the candidates' tokens. Usage and padding of the options do not apply.
std::unique_ptr<FrameSource> make_gemini_stream(const GeminiFrame& frame, Reply reply, const StreamOptions& options,
                                                GeminiFraming framing);

}  // namespace mimus::server
