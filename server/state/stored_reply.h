// Chat completions that callers asked to be kept (`store`), to be read, listed, changed or deleted later. Thread-safe
// through CappedStore.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "server/state/capped_store.h"

namespace mimus::server {

struct StoredReply {
  std::string model;       // as the reply shows it
  std::string request_id;  // "req_..."
  std::string request;     // JSON text of the request body
  std::string body;        // JSON text of the reply as it was sent whole, or would have been
  std::map<std::string, std::string> metadata;
};

using ReplyStore = CappedStore<StoredReply>;

// What `reply` occupies, about.
std::size_t bytes_of(const StoredReply& reply);

// Whether `reply` has all of `metadata` and, unless empty, this model: the filters of its list.
bool matches(const StoredReply& reply, std::string_view model, const std::map<std::string, std::string>& metadata);

}  // namespace mimus::server
