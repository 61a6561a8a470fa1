// A chat completion as a client has it in the end, whole or put together from its stream, so that both can be compared
// with each other and with what the upstream said. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/validate/rule.h"

namespace mimus::conformance {

struct FoldedCall {
  std::string id;
  std::string name;
  std::string arguments;  // as they were written
  bool operator==(const FoldedCall&) const = default;
};

struct Folded {
  std::string text;    // of the first choice
  std::string finish;  // empty: none
  std::vector<FoldedCall> tool_calls;
  std::map<std::string, std::int64_t>
      usage;  // by pointer: "/completion_tokens_details/reasoning_tokens"; integers only
};

Folded fold(const Transcript& transcript);

// Arguments without what does not change their values: blanks between them, and how characters in strings are escaped.
// Numbers stay as they are written. Text that is not JSON stays as it is.
std::string plain_arguments(std::string_view text);

// For messages: "get_weather({...}) with the id \"call_1\"".
std::string text_of(const FoldedCall& call);

}  // namespace mimus::conformance
