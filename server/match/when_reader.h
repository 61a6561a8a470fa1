// Reads the `when` of a fixture. Also what the control API's `verify` takes.
#pragma once

#include <string>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "server/match/condition.h"
#include "server/match/vocabulary.h"

namespace mimus::server {

// A state of a test: a name and its value, written "order=paid". An empty value is that of a state never set.
struct StateValue {
  std::string name;
  std::string value;
  bool operator==(const StateValue&) const = default;
};

struct When {
  std::vector<Condition> conditions;
  std::vector<StateValue> states;
  [[nodiscard]] std::size_t size() const { return conditions.size() + states.size(); }
};

// `json` is an object, or Missing for no condition at all. Its document must outlive the When. `where` is its pointer.
Result<When> read_when(Json json, const std::string& where, const Vocabulary& vocabulary);

// "order=paid", at most 200 bytes each.
Result<StateValue> read_state_value(std::string_view text);

}  // namespace mimus::server
