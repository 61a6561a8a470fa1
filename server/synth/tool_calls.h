// Which tools a reply calls, and with what. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "api/result.h"
#include "server/call.h"
#include "server/reply.h"
#include "server/synth/standing.h"

namespace mimus::server {

// The tools to be called, in the order in which they are offered; empty when the reply is text.
//   None: none.  Named: that one, which must be offered.  Required: at least one.
//   Auto: at least one when the user spoke last; none once tools have answered, so that agent loops end.
// The tool whose name and description share most words with the user's text is called, the first when none does. All
// whose names are mentioned are called where several calls are allowed; at most four.
std::vector<const ToolSpec*> choose_tools(const Call& call, const Standing& standing);

// One call of each tool: arguments that satisfy its parameters, or free text for a custom tool.
// Fails when a schema cannot be satisfied; the place begins with the tool, "tools[0].function.parameters".
Result<std::vector<ToolCall>> make_tool_calls(const Call& call, const Standing& standing,
                                              const std::vector<const ToolSpec*>& tools, std::uint64_t digest);

// Why such a reply ends: a named tool ends with Stop, as the vendor does (documented long ago, not confirmed since).
FinishReason finish_of_tools(const Call& call);

// Cuts the calls to `limit` tokens of names and arguments and returns how many are left; whole calls beyond it go.
// A name is never cut: a call needs one. `cut` tells whether anything went.
std::int64_t cut_tool_calls(std::vector<ToolCall>& calls, std::int64_t limit, bool& cut);

}  // namespace mimus::server
