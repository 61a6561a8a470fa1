// Reading POST /responses: from a body, and the state that it refers to, to a Call and the items of its conversation.
// Checks run in the order that OpenAI's API shows (observed 2026-08-30): JSON, what has moved, what is missing, unknown
// members, types and ranges, the items; the model; conversation, prompt and previous response; an empty input; what the
// model takes; how members fit each other; calls of tools and their outputs. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "server/call.h"
#include "server/dialect/dialect.h"
#include "server/endpoints/response_state.h"
#include "server/ids.h"

namespace mimus::server {

struct ResponseRequest {
  Call call;
  std::vector<SharedItem> history;  // of the conversation, or of the response that this one continues
  std::vector<SharedItem> input;
  std::string conversation;  // its id; empty for none
  bool is_stored = true;
  bool is_background = false;
};

// The Call's api_key is left empty. `make_ids` gives the ids of items that bring none.
Result<ResponseRequest, Refusal> read_response_request(std::string_view body, const Dialect& dialect,
                                                       const Endpoint& endpoint, const ResponseState& state,
                                                       const std::function<Ids(Json body)>& make_ids);

}  // namespace mimus::server
