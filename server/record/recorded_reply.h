// A reply that went by, as the `reply` of a fixture that gives it again byte for byte, with its chunk borders and
// times. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "api/header.h"
#include "server/clock.h"
#include "server/delivery.h"

namespace mimus::server {

struct RecordedReply {
  int status = 200;
  std::vector<Header> headers;
  bool is_streamed = false;   // the frames are its chunks; else they are parts of one body, and the last tells when
  std::vector<Frame> frames;  // due: since the request was complete
  Ending ending = Ending::Clean;
};

// As JSON, a chunk a line. What is not UTF-8 is written in base64.
std::string reply_text(const RecordedReply& reply);

}  // namespace mimus::server
