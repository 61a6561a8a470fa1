// Regular expressions as JSON Schema's `pattern` has them (ECMA-262, unicode mode, unanchored): for writing texts that
// match, which no library does, and for checking these texts. Users' own patterns elsewhere run on RE2.
// Supported: literals, ., classes, \d \w \s \D \W \S, \p{L} and its like (by ASCII), escapes, groups, alternation,
// quantifiers, anchors, \b, look-ahead. Not: look-behind, back references, flags.
// Immutable after parsing, so thread-safe. Matching takes polynomial time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/result.h"
#include "server/synth/rng.h"

namespace mimus::server {

// The characters from first to last, both included.
using CharRange = std::pair<std::uint32_t, std::uint32_t>;

struct PatternNode {
  enum class Kind { Set, Sequence, Alternation, Repeat, Start, End, WordBorder, NotWordBorder, Ahead, NotAhead };
  Kind kind = Kind::Sequence;
  std::vector<CharRange> set;         // Set: sorted, not overlapping
  std::vector<PatternNode> children;  // Sequence, Alternation; one for Repeat, Ahead, NotAhead
  int min = 0;                        // Repeat
  int max = 0;
};

class Pattern {
 public:
  static constexpr int kUnbounded = 100'000;  // what an open quantifier means
  static constexpr int kMostRepeats = 5'000;  // a larger count is refused

  // The error says what is wrong or not supported, and where.
  static Result<Pattern> parse(std::string_view text);

  [[nodiscard]] bool matches(std::string_view text) const;

  // A text that probably matches: whoever needs certainty asks matches(). Without `length` its quantifiers repeat a few
  // times; with it, they repeat until the text has about that many characters.
  [[nodiscard]] std::string write(Rng& rng, std::optional<std::size_t> length = std::nullopt) const;

  [[nodiscard]] std::size_t shortest() const;  // characters of the shortest text, look-ahead left aside

 private:
  PatternNode root_;
};

// The patterns of one schema, each parsed once. Not thread-safe.
class Patterns {
 public:
  const Result<Pattern>& operator[](std::string_view text);

 private:
  std::vector<std::pair<std::string, std::unique_ptr<Result<Pattern>>>> parsed_;
};

}  // namespace mimus::server
