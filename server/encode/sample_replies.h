// For tests: replies of every kind, by name, and the frames and styles to encode them with.
#pragma once

#include <string>
#include <vector>

#include "server/delivery.h"
#include "server/encode/chat_frame.h"
#include "server/reply.h"

namespace mimus::server {

struct SampleReply {
  std::string name;
  Reply reply;
};

std::vector<SampleReply> sample_replies();

// A style with every member, and one with none.
BodyStyle full_style();
BodyStyle bare_style();

ChatFrame sample_chat_frame(const BodyStyle& style);

// All bytes of a stream.
std::string bytes_of(FrameSource& source);

// The payloads of the events in `bytes` but for [DONE]: what stands behind "data: ".
std::vector<std::string> payloads_of(const std::string& bytes);

}  // namespace mimus::server
