// What the Responses API remembers between requests: responses, the items in them by id, and conversations.
// Each store is thread-safe by itself and capped; values are immutable and shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/call.h"
#include "server/clock.h"
#include "server/encode/response_frame.h"
#include "server/reply.h"
#include "server/state/capped_store.h"

namespace mimus::server {

// One item of a conversation: a message, a call of a tool, its output, a reasoning.
struct ResponseItemEntry {
  std::string id;                  // "msg_...", "fc_..."
  std::string json;                // as lists show it, with its id
  std::optional<Message> message;  // what it says to the model; nothing for what mimus only keeps
  bool is_custom = false;          // it belongs to a custom tool, not to a function
};
using SharedItem = std::shared_ptr<const ResponseItemEntry>;

struct StoredResponse {
  ResponseFrame frame;
  Reply reply;
  std::vector<SharedItem> input;   // what the reply was given: that of the response it continues first
  std::vector<SharedItem> output;  // what it said
  WallTime ready{};                // of one in the background: when it is complete
  bool is_cancelled = false;
};

struct StoredConversation {
  std::int64_t created = 0;  // seconds since the epoch
  std::map<std::string, std::string> metadata;
  std::vector<SharedItem> items;  // the oldest first
};

// What each occupies, about; items that are shared with others count as pointers.
std::size_t bytes_of(const ResponseItemEntry& item);
std::size_t bytes_of(const StoredResponse& response);
std::size_t bytes_of(const StoredConversation& conversation);

class ResponseState {
 public:
  explicit ResponseState(StoreCaps caps) : responses(caps), conversations(caps), items(caps) {}

  CappedStore<StoredResponse> responses;
  CappedStore<StoredConversation> conversations;
  CappedStore<SharedItem> items;  // of both, for input that refers to them

  void remember(const std::vector<SharedItem>& entries);
  // Adds to the end of a conversation; false when it is gone.
  bool append(const std::string& conversation, const std::vector<SharedItem>& entries);
  void clear();
};

}  // namespace mimus::server
