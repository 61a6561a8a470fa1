// One test of a text, as fixtures write it: exact, contains, glob or regex.
// Regular expressions run on RE2 in time linear in the text, so no pattern can hang the server; they search, so "^" and
// "$" anchor them. In a glob `*` stands for any run of characters, `?` for one, and a backslash takes either literally.
// Immutable after making, so thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/result.h"

namespace re2 {
class RE2;
}

namespace mimus::server {

class TextPattern {
 public:
  enum class Kind { Exact, Contains, Glob, Regex };

  // Only a regex can be wrong; the message is RE2's.
  static Result<TextPattern> make(Kind kind, std::string pattern);
  static TextPattern exact(std::string text) { return {Kind::Exact, std::move(text), nullptr}; }

  [[nodiscard]] bool holds(std::string_view text) const;

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const std::string& pattern() const { return pattern_; }

  // For people: `contains "weather"`; of an exact one only the quoted text.
  [[nodiscard]] std::string describe() const;

  // A piece of text without which no text passes, for the index; may be empty. Of an exact test the whole text. A regex
  // that ignores case may hold it in another case (of ASCII letters).
  [[nodiscard]] std::string required() const;

 private:
  TextPattern(Kind kind, std::string pattern, std::shared_ptr<const re2::RE2> regex)
      : kind_(kind), pattern_(std::move(pattern)), regex_(std::move(regex)) {}

  Kind kind_;
  std::string pattern_;
  std::shared_ptr<const re2::RE2> regex_;  // shared by the copies of a fixture: RE2 cannot be copied
};

// "exact", "contains", "glob", "regex": the keys in a fixture.
std::string_view name_of(TextPattern::Kind kind);

}  // namespace mimus::server
