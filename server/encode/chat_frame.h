// What stands around the choices of a chat completion: the same in the whole body and in every chunk of a stream.
#pragma once

#include <cstdint>
#include <string>

#include "server/dialect/dialect.h"

namespace mimus::server {

struct ChatFrame {
  std::string id;                  // "chatcmpl-..."
  std::int64_t created = 0;        // seconds since the epoch
  std::string model;               // the snapshot that replies show
  std::string service_tier;        // "default" where empty; shown where the style has it
  std::string system_fingerprint;  // null where empty; shown where the style has it
  BodyStyle style;
};

}  // namespace mimus::server
