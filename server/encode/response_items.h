// The output items of a Responses object: reasoning, the message, the calls, in this order.
// Source: OpenAI API reference, output items; recorded replies for the order of members. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/ids.h"
#include "server/reply.h"

namespace mimus::server {

struct ResponseItem {
  enum class Kind { Reasoning, Text, Refusal, FunctionCall, CustomToolCall };
  Kind kind = Kind::Text;
  std::size_t call = 0;  // of the calls: its index in Choice::tool_calls
  std::string id;        // "msg_...", "fc_...", ...
};

// At least one: a choice without anything to say gives an empty message.
std::vector<ResponseItem> response_items(const Ids& ids, const Choice& choice);

// What of the item is there: nothing yet; all; all that there is of a reply that was cut short.
enum class ItemState { Started, Completed, Incomplete };

// The state of the item at `index` when all is said: what ends for want of tokens ends inside its last item.
ItemState final_state(const Choice& choice, const std::vector<ResponseItem>& items, std::size_t index);

void append_item(const ResponseItem& item, const Choice& choice, ItemState state, std::string& out);

// The text that the item consists of: of the message, of the reasoning, the arguments.
const std::string& text_of(const ResponseItem& item, const Choice& choice);

// {"type":"output_text",...}, {"type":"refusal",...} or {"type":"summary_text",...}; `is_full`: with its text.
void append_part(const ResponseItem& item, const Choice& choice, bool is_full, std::string& out);

}  // namespace mimus::server
