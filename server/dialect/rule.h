// One rule in the form that checking needs. Only the files of request_rules include this.
#pragma once

#include <bitset>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "server/dialect/name_table.h"
#include "server/dialect/request_rules.h"

namespace mimus::server {

// A set of Json::Kind.
class Kinds {
 public:
  void add(Json::Kind kind) { bits_ |= bit(kind); }
  [[nodiscard]] bool has(Json::Kind kind) const { return (bits_ & bit(kind)) != 0; }
  [[nodiscard]] bool empty() const { return bits_ == 0; }

 private:
  static unsigned bit(Json::Kind kind) { return 1U << static_cast<unsigned>(kind); }
  unsigned bits_ = 0;
};

struct NumberBound {
  double value = 0;
  std::string text;  // as the file writes it, for messages
};

enum class Unknown { Refuse, RefuseTogether, Ignore, Suggest };

struct Rule {
  Kinds kinds;           // empty: any
  std::string expected;  // "an integer", "one of a string or array of objects"
  std::string noun;      // what messages call an object: "input item"; empty: "object"

  std::optional<NumberBound> min, max;

  std::size_t min_length = 0;
  std::optional<std::size_t> max_length;
  NameTable allowed;                        // enum; empty: any
  std::optional<std::bitset<256>> letters;  // of the pattern
  std::string pattern;

  std::size_t min_items = 0;
  std::optional<std::size_t> max_items;
  const Rule* items = nullptr;

  bool is_open = true;  // any members
  Unknown unknown = Unknown::Refuse;
  NameTable members;
  std::vector<const Rule*> member_rules;  // beside members.names()
  std::vector<std::size_t> required;      // indices of members
  std::optional<std::size_t> max_members, max_key_length;
  const Rule* values = nullptr;
  std::string by;
  NameTable variant_names;
  std::vector<const Rule*> variants;  // beside variant_names.names()
  const Rule* otherwise = nullptr;    // the variant of an object without the member `by`
  bool choice_at_object = false;      // a wrong choice is reported at the object, not at the member `by`

  std::string missing;
  std::string moved_to;            // on a member that is refused for the name it has now
  bool has_moved_members = false;  // of an object
};

// Owns the rules of one dialect; pointers between them stay valid.
struct RuleBook {
  std::deque<Rule> rules;
  std::map<std::string, const Rule*, std::less<>> shapes;  // "#name" -> rule
};

// The widest a list of members may be: checking keeps one bit for each on the stack.
inline constexpr std::size_t kMostMembers = 256;

}  // namespace mimus::server
