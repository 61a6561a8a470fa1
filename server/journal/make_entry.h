// Makes a journal entry of a request that was just answered. On the way of every request, so it copies each byte once,
// into one piece of memory, and parses nothing. Pure and thread-safe.
#pragma once

#include <memory>

#include "server/journal/entry.h"

namespace mimus::server {

// What App knows besides the request itself.
struct Served {
  const Notes& notes;
  std::string_view request_id;
  int status = 0;
  WallTime time;
};

// At most `body_cap` bytes of the body are kept. The id is left 0.
std::shared_ptr<Entry> make_entry(const HttpRequest& http, const Served& served, std::size_t body_cap);

// What stands for an API key where requests are told apart by it; 0 for no key.
std::uint64_t hash_of_key(std::string_view api_key);

}  // namespace mimus::server
