// The parameters of faults: what a kind has, and what one fault was given. Internal to pace.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/result.h"
#include "server/delivery.h"
#include "server/pace/fault.h"

namespace mimus::server {

struct FaultParam {
  std::string_view name;
  // A count has a range; a word is one of a few; neither: free text of visible ASCII, without commas.
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::span<const std::string_view> words{};
  bool is_required = false;

  [[nodiscard]] bool is_count() const { return max > 0; }
  // "a number from 0 to 9", "one of fin, reset", "a text".
  [[nodiscard]] std::string expectation() const;
};

// What was given, checked against the parameters of its kind.
class FaultArgs {
 public:
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  [[nodiscard]] std::int64_t count(std::string_view name, std::int64_t fallback) const;
  [[nodiscard]] std::string_view text(std::string_view name, std::string_view fallback) const;

 private:
  friend Result<FaultArgs> read_fault_args(std::string_view, std::span<const FaultParam>, std::string_view);
  using Value = std::variant<std::int64_t, std::string>;
  [[nodiscard]] const Value* find(std::string_view name) const;
  std::vector<std::pair<std::string_view, Value>> given_;  // names of the table, which outlives all
};

struct FaultKind {
  std::string_view name;
  std::span<const FaultParam> params;  // the first is the main one
  Delivery (*apply)(Delivery delivery, const FaultArgs& args, const FaultContext& context);
};

// "after_chunks=3,end=reset" for the fault called `kind`.
Result<FaultArgs> read_fault_args(std::string_view kind, std::span<const FaultParam> params, std::string_view text);

}  // namespace mimus::server
