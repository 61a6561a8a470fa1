// Where a conversation stands: what the user said last, and whether tools have answered since. Views into the Call.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/call.h"
#include "server/synth/topics.h"

namespace mimus::server {

struct Standing {
  std::string_view user_text;             // of the last user message; of the last message when no user spoke
  Topics topics;                          // of user_text
  bool user_spoke_last = false;           // instructions (system, developer) behind it do not count
  std::span<const Message> tool_results;  // the results that nobody has answered yet, in order
};

Standing standing_of(const Call& call);

// The name of the tool whose result `result` is, looked up by its call id; "tool" when unknown.
std::string_view tool_name_of(const Call& call, const Message& result);

// Sentences that repeat the unanswered tool results, each in one line and shortened; empty without any.
std::string recount_results(const Call& call, const Standing& standing);

}  // namespace mimus::server
