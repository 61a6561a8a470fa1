// The rules of a JSON request body, as data: which members it may have, of which type, in which range. Checking a body
// gives the vendor's own error for what is wrong. Checking a good body allocates nothing. Immutable, so thread-safe.
//
// A rule is an object; a string alone stands for {"type": "..."}, and "#name" for the shape of that name.
//   type                  "integer", "string|array|null": string integer number boolean array object null; none: any
//   min, max              of a number
//   min_length max_length of a string, in Unicode characters
//   enum                  the values that a string may have
//   pattern               of a string: "^[a-z_]+$" or "^[^\\s]+$" only, so that no pattern can be slow
//   min_items max_items   of an array; "items" is the rule of each element
//   members, required     of an object: a rule for each member, and the names that must be there, in order of report
//   unknown               "refuse" (default), "refuse_together" (one error that lists all), "suggest" (names that are
//                         spelt like it), "ignore"
//   values                the rule of each value of a map; with max_members and max_key_length
//   by, variants          an object whose rule depends on the value of its member "by"
//   otherwise             the name of the variant that rules an object without that member
//   choice_at             "member" (default) or "object": where a wrong choice is reported
//   noun                  what messages call such an object: "input item"
//   moved_to              on a member: it is refused, whatever it holds, and the message names where it is now
//   missing               on a member: the situation to raise when it is required and absent, instead of
//                         missing_required_parameter; a null or empty value then counts as absent
// An object without "members" and "variants" may have any members.
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
  std::string situation;                                       // "missing_required_parameter"
  std::vector<std::pair<std::string_view, std::string>> args;  // {"param", "messages[0].role"}; keys are literals
};

struct Rule;
struct RuleBook;

class RequestRules {
 public:
  RequestRules() = default;  // accepts everything
  RequestRules(std::shared_ptr<const RuleBook> book, const Rule* root) : book_(std::move(book)), root_(root) {}

  // The violation that the vendor reports first: what has moved, what is missing, then unknown members, then the
  // members in the order of the rules (not of the body). Nothing when the body is fine.
  [[nodiscard]] std::optional<Refusal> check(Json body) const;

 private:
  std::shared_ptr<const RuleBook> book_;  // shared by all endpoints of a dialect: shapes are read once
  const Rule* root_ = nullptr;
};

// What a dialect does with members that its rules do not know.
enum class UnknownMembers {
  AsRuled,  // what each rule says
  Ignore,   // never refused
};

// Reads the rules of one dialect. The shapes are those that rules may refer to.
class RuleReader {
 public:
  RuleReader(Json shapes, std::string where, UnknownMembers unknown);
  ~RuleReader();

  // Errors name the place below `where`. Missing gives rules that accept everything.
  Result<RequestRules> read(Json json, const std::string& where);

  // To be called last: every shape is read, used or not, so that a typo in one is found.
  Result<Done> finish();

 private:
  std::shared_ptr<RuleBook> book_;
  Json shapes_;
  std::string where_;
  UnknownMembers unknown_;
};

}  // namespace mimus::server
