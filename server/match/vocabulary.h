// The names that a fixture or a directive may use and that other parts of the server define. What is left empty is not
// checked. Immutable while it is used.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

struct Vocabulary {
  std::vector<std::string> operations;  // endpoints: "chat.completions"
  std::vector<std::string> situations;  // of the dialects' error tables: "rate_limited"
  std::vector<std::string> deviations;  // check ids
  // Why a fault such as "cut:after_chunks=3,end=reset" is wrong; nothing when it is fine.
  std::function<std::optional<std::string>(std::string_view)> fault_problem;
};

// Why `name` is not one of `known`, with the nearest of them; nothing when it is, or when `known` is empty.
// `what` is the kind of name: "situation".
std::optional<std::string> name_problem(std::string_view name, const std::vector<std::string>& known,
                                        std::string_view what);

}  // namespace mimus::server
