// The schemas that one value has to satisfy together: what is left of a schema when its references, allOf and a choice
// of every anyOf, oneOf and if are laid side by side. Keywords are then read over all parts.
// Views into the schema's document. Thread-safe: reads only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"

namespace mimus::server {

using SchemaParts = std::vector<Json>;  // objects only; none: anything goes

// Numbers the combinations of choices: turn 0 takes the preferred one everywhere, turn 1 the next at the first choice,
// and so on like the digits of a counter.
class Choices {
 public:
  explicit Choices(std::uint32_t turn) : turn_(turn) {}
  std::uint32_t take(std::uint32_t count, std::uint32_t preferred);
  [[nodiscard]] bool any() const { return any_; }  // there was something to choose

 private:
  std::uint32_t turn_;
  bool any_ = false;
};

// `parts` with everything that can be laid open laid open. `is_deep` prefers choices that end soon. The error tells
// why there can be no value: a schema `false`, a reference that leads nowhere or in a circle.
Result<SchemaParts> expand(Json root, SchemaParts parts, Choices& choices, bool is_deep);

// Whether these parts have keywords that only trying can satisfy: not, oneOf, if, maxContains.
bool needs_trying(const SchemaParts& parts);

// The members `keyword` of all parts that have it.
std::vector<Json> all_of(const SchemaParts& parts, std::string_view keyword);
bool has(const SchemaParts& parts, std::string_view keyword);

// The largest or smallest number that any part gives for `keyword`.
std::optional<double> largest(const SchemaParts& parts, std::string_view keyword);
std::optional<double> smallest(const SchemaParts& parts, std::string_view keyword);

}  // namespace mimus::server
