// The rules of a JSON request body, as data: which members it may have, of which type, in which range. Checking a body
// gives the vendor's own error for the first thing that is wrong.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/json.h"
#include "api/result.h"

namespace mimus::server {

// A request that the vendor refuses: the situation names the row of the dialect's error table, args fill its message.
struct Refusal {
  std::string situation;                                   // "missing_required_parameter"
  std::vector<std::pair<std::string_view, std::string>> args;  // {"param", "messages[0].role"}
};

struct Rule;  // of one value; defined in request_rules.cc

class RequestRules {
 public:
  RequestRules() = default;  // accepts every object

  // The first violation, in the vendor's order of checks; nothing when the body is fine.
  [[nodiscard]] std::optional<Refusal> check(Json body) const;

 private:
  friend Result<RequestRules> read_request_rules(Json json, const std::string& where);
  std::shared_ptr<const Rule> root_;
};

Result<RequestRules> read_request_rules(Json json, const std::string& where);

}  // namespace mimus::server
