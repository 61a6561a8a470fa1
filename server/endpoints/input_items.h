// The input of Responses and conversations, item by item: as lists show it, and as the model hears it.
// Source: OpenAI API reference, input items of a response. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "server/dialect/request_rules.h"
#include "server/endpoints/response_state.h"
#include "server/ids.h"

namespace mimus::server {

// Beyond the rules of `input` (an array of items): the parts that a role may hold, what is in them, and the
// prefixes of ids.
std::optional<Refusal> check_input_items(Json input, std::string_view where);

// The items of `input`, a string or an array that passed the checks. An item without an id gets one of `ids`;
// references are looked up in `known`. Refusals: item_not_persisted.
Result<std::vector<SharedItem>, Refusal> read_input_items(Json input, const Ids& ids,
                                                          const CappedStore<SharedItem>& known);

// One item from its JSON, with this id.
SharedItem make_item(Json item, const std::string& id);

// Every call has its output behind it, and every output its call. Refusals: tool_output_missing, tool_call_missing.
std::optional<Refusal> check_tool_loop(const std::vector<SharedItem>& items);

}  // namespace mimus::server
