// Builds one value that satisfies a set of schema parts. Most keywords are satisfied by construction; what combines
// schemas (not, oneOf, if) by building one choice after another and checking. Work is bounded by a budget of steps.
// One file per kind of value: build_number.cc, build_string.cc, build_array.cc, build_object.cc.
// Not thread-safe; make one per attempt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "server/synth/rng.h"
#include "server/synth/schema/schema_check.h"
#include "server/synth/schema/schema_parts.h"
#include "server/synth/topics.h"

namespace mimus::server {

inline constexpr std::size_t kMostElements = 2'000;  // minItems, minProperties beyond it are refused
inline constexpr std::size_t kMostChars = 100'000;   // minLength

// Where a value stands.
struct Slot {
  std::string_view name;  // of the property, also for the elements of its array; empty for none
  int depth = 0;
  std::uint32_t stray = 0;  // tries that failed here and above: the more, the further from the usual the value is
};

class InstanceBuilder {
 public:
  // `attempt` counts from 0: another attempt makes other random decisions, and other ones about optional members.
  InstanceBuilder(Json root, std::uint64_t digest, std::uint32_t attempt, const Topics& topics, Patterns& patterns);

  // Appends a value to `out`. False: there is none, or it was not found; `out` is unchanged and failure() says why.
  bool build(const SchemaParts& parts, Slot slot, std::string& out);

  [[nodiscard]] const Error& failure() const { return failure_; }
  [[nodiscard]] bool is_exhausted() const { return budget_ <= 0; }  // the steps were used up: another attempt is no use

 private:
  enum class Type : std::uint8_t { String, Number, Integer, Boolean, Object, Array, Null };
  struct Bounds;  // of a number, see build_number.cc
  struct Member;  // of an object, see build_object.cc

  bool build_open(const SchemaParts& open, Slot slot, std::uint32_t turn, Choices& choices, std::string& out);
  bool build_listed(const SchemaParts& open, const std::vector<Json>& lists, std::uint32_t turn, std::string& out);
  static std::vector<Type> types_of(const SchemaParts& open, bool is_deep);
  bool fits(const SchemaParts& parts, std::string_view text);
  bool fail(std::string message);

  bool build_number(const SchemaParts& open, Slot slot, bool whole, std::string& out);
  bool build_multiple(const std::vector<Json>& steps, const Bounds& bounds, bool whole, std::string& out);
  bool build_decimal(const Bounds& bounds, Slot slot, bool whole, std::string& out);

  bool build_string(const SchemaParts& open, Slot slot, std::string& out);
  bool build_shaped_string(const SchemaParts& open, Slot slot, std::string& out);
  std::string usual_string(Slot slot, std::size_t least, std::size_t most);

  bool build_array(const SchemaParts& open, Slot slot, std::string& out);
  bool build_element(const SchemaParts& parts, Slot slot, const std::vector<std::string>* seen, std::string& out);

  bool build_object(const SchemaParts& open, Slot slot, std::uint32_t turn, std::string& out);
  bool plan_members(SchemaParts& open, Slot slot, std::uint32_t turn, std::vector<Member>& plan);
  void choose_optional(const SchemaParts& open, Slot slot, std::uint32_t turn, std::vector<Member>& plan);
  bool add_extras(const SchemaParts& open, Slot slot, std::vector<Member>& plan);
  std::string extra_key(const SchemaParts& open, std::uint32_t number);
  bool accepts_key(const SchemaParts& open, std::string_view key);
  SchemaParts parts_of_member(const SchemaParts& open, std::string_view key);

  Json root_;
  std::uint64_t digest_;
  std::uint32_t attempt_;
  Rng rng_;
  const Topics& topics_;
  Patterns& patterns_;
  SchemaCheck check_;
  std::string place_;  // JSON pointer into the instance
  Error failure_;
  int budget_;
  bool wants_variety_ = false;  // the usual values were all taken
};

}  // namespace mimus::server
