// Recursive descent: alternation of sequences of quantified atoms.

#include <algorithm>

#include "server/char_class.h"
#include "server/synth/schema/pattern.h"

namespace mimus::server {
namespace {

using Kind = PatternNode::Kind;
using Ranges = std::vector<CharRange>;

constexpr std::uint32_t kLastCode = 0x10FFFF;
constexpr int kMaxDepth = 100;

const Ranges kDigits = {{'0', '9'}};
const Ranges kWord = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
const Ranges kSpace = {{'\t', '\r'}, {' ', ' '}, {0xA0, 0xA0}, {0x2028, 0x2029}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
const Ranges kLineEnds = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};
const Ranges kUpper = {{'A', 'Z'}};
const Ranges kLower = {{'a', 'z'}};
const Ranges kLetters = {{'A', 'Z'}, {'a', 'z'}};
const Ranges kMarks = {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}};

Ranges normal(Ranges ranges) {
  std::sort(ranges.begin(), ranges.end());
  Ranges merged;
  for (const CharRange& range : ranges) {
    if (!merged.empty() && range.first <= merged.back().second + 1) {
      merged.back().second = std::max(merged.back().second, range.second);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

Ranges inverse(const Ranges& ranges) {
  Ranges rest;
  std::uint32_t next = 0;
  for (const auto& [first, last] : normal(ranges)) {
    if (first > next) rest.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= kLastCode) rest.emplace_back(next, kLastCode);
  return rest;
}

PatternNode node(Kind kind) {
  PatternNode made;
  made.kind = kind;
  return made;
}

PatternNode set_of(Ranges ranges) {
  PatternNode made = node(Kind::Set);
  made.set = normal(std::move(ranges));
  return made;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<PatternNode> parse() {
    PatternNode root = alternation();
    if (error_.empty() && at_ < text_.size()) fail("an unmatched )");
    if (!error_.empty()) return Error{Errc::BadInput, error_, {}};
    return root;
  }

 private:
  [[nodiscard]] bool more() const { return error_.empty() && at_ < text_.size(); }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view token) {
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  void fail(const std::string& what) {
    if (error_.empty()) {
      error_ = "pattern \"" + std::string(text_) + "\": " + what + " at byte " + std::to_string(at_);
    }
  }

  PatternNode alternation() {
    PatternNode choice = node(Kind::Alternation);
    if (++depth_ > kMaxDepth) fail("groups nested too deep");
    do choice.children.push_back(sequence());
    while (error_.empty() && take("|"));
    --depth_;
    return choice.children.size() == 1 ? std::move(choice.children[0]) : choice;
  }

  PatternNode sequence() {
    PatternNode list = node(Kind::Sequence);
    while (more() && peek() != '|' && peek() != ')') list.children.push_back(quantified(atom()));
    return list;
  }

  PatternNode atom() {
    if (take("(")) return group();
    if (take("[")) return set_of(char_class());
    if (take("^")) return node(Kind::Start);
    if (take("$")) return node(Kind::End);
    if (take(".")) return set_of(inverse(kLineEnds));
    if (take("\\")) return escape();
    if (peek() == '*' || peek() == '+' || peek() == '?') fail("nothing to repeat");
    const std::uint32_t code = literal();
    return set_of({{code, code}});
  }

  PatternNode group() {
    Kind kind = Kind::Sequence;
    if (take("?:")) {
    } else if (take("?=")) {
      kind = Kind::Ahead;
    } else if (take("?!")) {
      kind = Kind::NotAhead;
    } else if (take("?<=") || take("?<!")) {
      fail("look-behind is not supported");
    } else if (take("?<")) {
      while (more() && peek() != '>') ++at_;
      if (!take(">")) fail("expected > behind a group's name");
    } else if (take("?")) {
      fail("flags are not supported");
    }
    PatternNode made = node(kind);
    made.children.push_back(alternation());
    if (!take(")")) fail("expected )");
    return made;
  }

  PatternNode quantified(PatternNode inner) {
    int min = 1;
    int max = 1;
    if (take("*")) {
      min = 0, max = Pattern::kUnbounded;
    } else if (take("+")) {
      max = Pattern::kUnbounded;
    } else if (take("?")) {
      min = 0;
    } else if (!counts(min, max)) {
      return inner;
    }
    take("?");  // lazy: the same texts match
    PatternNode made = node(Kind::Repeat);
    made.min = min;
    made.max = max;
    made.children.push_back(std::move(inner));
    return made;
  }

  // {2}, {2,} or {2,5}; anything else that begins with a brace is a literal.
  bool counts(int& min, int& max) {
    const std::size_t start = at_;
    if (!take("{")) return false;
    if (!number(min)) return at_ = start, false;
    max = min;
    if (take(",") && !number(max)) max = Pattern::kUnbounded;
    if (!take("}")) return at_ = start, false;
    if (max < min) fail("a quantifier's bounds are in the wrong order");
    return true;
  }

  bool number(int& value) {
    if (peek() < '0' || peek() > '9') return false;
    value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = value * 10 + (text_[at_++] - '0');
      if (value > Pattern::kMostRepeats) {
        fail("a quantifier above " + std::to_string(Pattern::kMostRepeats) + " is not supported");
        value = Pattern::kMostRepeats;
      }
    }
    return true;
  }

  PatternNode escape() {
    const char c = peek();
    if (c == 'b' || c == 'B') {
      ++at_;
      return node(c == 'b' ? Kind::WordBorder : Kind::NotWordBorder);
    }
    if ((c >= '1' && c <= '9') || c == 'k') fail("back references are not supported");
    return set_of(escaped_set());
  }

  // Behind a backslash, in a class or outside of one.
  Ranges escaped_set() {
    const char c = peek();
    const bool inverted = c == 'D' || c == 'W' || c == 'S' || c == 'P';
    if (c == 'p' || c == 'P') {
      ++at_;
      return inverted ? inverse(property()) : property();
    }
    const Ranges* known = c == 'd' || c == 'D'   ? &kDigits
                          : c == 'w' || c == 'W' ? &kWord
                          : c == 's' || c == 'S' ? &kSpace
                                                 : nullptr;
    if (known != nullptr) {
      ++at_;
      return inverted ? inverse(*known) : *known;
    }
    const std::uint32_t code = escaped_char();
    return {{code, code}};
  }

  Ranges property() {
    const std::size_t end = text_.find('}', at_);
    if (!take("{") || end == std::string_view::npos) return fail("expected {NAME} behind \\p"), Ranges{};
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end + 1;
    if (name == "L" || name == "Letter" || name == "Alphabetic") return kLetters;
    if (name == "Lu" || name == "Uppercase_Letter") return kUpper;
    if (name == "Ll" || name == "Lowercase_Letter") return kLower;
    if (name == "N" || name == "Nd" || name == "Number") return kDigits;
    if (name == "P" || name == "Punctuation") return kMarks;
    return fail("\\p{" + std::string(name) + "} is not supported"), Ranges{};
  }

  std::uint32_t escaped_char() {
    if (at_ >= text_.size()) return fail("a backslash ends it"), 0;
    if (take("n")) return '\n';
    if (take("r")) return '\r';
    if (take("t")) return '\t';
    if (take("f")) return '\f';
    if (take("v")) return '\v';
    if (take("0")) return 0;
    if (take("x")) return hex(2);
    if (take("u{")) {
      const std::size_t end = std::min(text_.find('}', at_), text_.size());
      const std::uint32_t code = hex(end - at_);
      if (!take("}")) fail("expected }");
      return code;
    }
    if (take("u")) return hex(4);
    if (take("c")) return static_cast<std::uint32_t>(text_[at_ < text_.size() ? at_++ : at_ - 1]) & 31U;
    return literal();
  }

  std::uint32_t hex(std::size_t digits) {
    std::uint32_t code = 0;
    for (; digits > 0; --digits, ++at_) {
      const char c = peek();
      const int value = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (value < 0 || code > kLastCode / 16) return fail("expected a hexadecimal character code"), 0;
      code = code * 16 + static_cast<std::uint32_t>(value);
    }
    return code;
  }

  std::uint32_t literal() {
    if (at_ >= text_.size()) return 0;
    const std::uint8_t size = char_at(text_, at_).size;
    const auto lead = static_cast<unsigned char>(text_[at_]);
    std::uint32_t code = size == 1 ? lead : lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text_[at_ + i]) & 0x3FU);
    at_ += size;
    return code;
  }

  Ranges char_class() {
    const bool inverted = take("^");
    Ranges all;
    while (more() && peek() != ']') {
      const Ranges low = class_atom();
      if (peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']' && is_single(low)) {
        ++at_;
        const Ranges high = class_atom();
        if (!is_single(high) || high[0].first < low[0].first) fail("a range of a class is in the wrong order");
        if (error_.empty()) all.emplace_back(low[0].first, high[0].first);
      } else {
        all.insert(all.end(), low.begin(), low.end());
      }
    }
    if (!take("]")) fail("expected ]");
    return inverted ? inverse(all) : all;
  }

  Ranges class_atom() {
    if (take("\\")) {
      if (take("b")) return {{'\b', '\b'}};
      if (take("-")) return {{'-', '-'}};
      return escaped_set();
    }
    const std::uint32_t code = literal();
    return {{code, code}};
  }

  static bool is_single(const Ranges& ranges) { return ranges.size() == 1 && ranges[0].first == ranges[0].second; }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string error_;
};

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
  Result<PatternNode> root = Parser(text).parse();
  if (!root) return root.error();
  Pattern pattern;
  pattern.root_ = std::move(*root);
  return pattern;
}

const Result<Pattern>& Patterns::operator[](std::string_view text) {
  for (const auto& [known, pattern] : parsed_) {
    if (known == text) return *pattern;
  }
  parsed_.emplace_back(text, std::make_unique<Result<Pattern>>(Pattern::parse(text)));
  return *parsed_.back().second;
}

}  // namespace mimus::server
