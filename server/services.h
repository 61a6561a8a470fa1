// What endpoints are handed besides the request: the server's clock, seed and state. Built once by App.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/clock.h"
#include "server/pace/pace.h"
#include "server/state/stored_reply.h"

namespace mimus::server {

// Counts how often each request was seen, so that ids are unique and yet reproducible. Thread-safe, capped.
class IdSource;
class FileStore;
class UploadStore;
class BatchStore;
class ResponseState;

// Fixtures and what they remember; server/scripting.h.
struct Scripting;

// Who may ask how much; App asks it, control shows it. server/limits/limits.h.
class Limits;

struct Services {
  Clock& clock;
  IdSource& ids;
  FileStore& files;
  UploadStore& uploads;
  BatchStore& batches;
  ReplyStore& completions;   // stored chat completions
  ResponseState& responses;  // stored responses and conversations
  Scripting& scripting;
  Limits& limits;
  std::uint64_t seed = 0;
  Pace pace;  // the default, where the reply does not bring its own
};

}  // namespace mimus::server
