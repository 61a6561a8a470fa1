#include "server/match/text_pattern.h"

#include <re2/re2.h>

#include <cctype>

#include "api/json_writer.h"
#include "server/match/glob.h"

namespace mimus::server {
namespace {

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80 ||
         std::string_view(" _-,:;!@#%&=<>~/'\"").find(c) != std::string_view::npos;
}

// What (?i) takes for the same is more than upper and lower case for these: "k" also means the Kelvin sign, "s" the
// long s, and of letters beyond ASCII it is not known here.
bool folds_beyond_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || std::string_view("kKsS").find(c) != std::string_view::npos;
}

// A run of plain characters that every match holds, in any case when the pattern begins with (?i). Cautious: a pattern
// with an alternative, a group, a class, another flag or an escape gives only what stands before the first of them; a
// character that may repeat or be absent ends its run.
std::string literal_of_regex(std::string_view pattern) {
  constexpr std::string_view kAnyCase = "(?i)";
  const bool is_any_case = pattern.starts_with(kAnyCase);
  if (is_any_case) pattern.remove_prefix(kAnyCase.size());
  if (pattern.find('|') != std::string_view::npos || pattern.find("(?") != std::string_view::npos) return {};
  std::string best;
  std::string run;
  for (std::size_t i = pattern.starts_with('^') ? 1 : 0; i <= pattern.size(); ++i) {
    const char c = i < pattern.size() ? pattern[i] : '\0';
    const bool is_literal = i < pattern.size() && is_plain(c);
    const bool is_break = is_literal && is_any_case && folds_beyond_ascii(c);
    if (is_literal && !is_break) {
      run += c;
      continue;
    }
    if (!run.empty() && (c == '*' || c == '?' || c == '{' || c == '+')) {
      while (run.size() > 1 && (static_cast<unsigned char>(run.back()) & 0xC0) == 0x80) run.pop_back();
      run.pop_back();
    }
    if (run.size() > best.size()) best = run;
    run.clear();
    if (!is_break && c != '.' && c != '*' && c != '+' && c != '?') break;
  }
  return best;
}

}  // namespace

Result<TextPattern> TextPattern::make(Kind kind, std::string pattern) {
  if (kind != Kind::Regex) return TextPattern(kind, std::move(pattern), nullptr);
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);  // only asked whether it matches, which is also quicker to compile
  auto regex = std::make_shared<const re2::RE2>(pattern, options);
  if (!regex->ok()) return Error{Errc::BadInput, "not a regular expression (RE2): " + regex->error(), ""};
  return TextPattern(kind, std::move(pattern), std::move(regex));
}

bool TextPattern::holds(std::string_view text) const {
  switch (kind_) {
    case Kind::Exact:
      return text == pattern_;
    case Kind::Contains:
      return text.find(pattern_) != std::string_view::npos;
    case Kind::Glob:
      return fits_glob(pattern_, text);
    case Kind::Regex:
      return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex_);
  }
  return false;
}

std::string TextPattern::describe() const {
  std::string quoted = "\"";
  append_escaped(pattern_, quoted);
  quoted += '"';
  return kind_ == Kind::Exact ? quoted : std::string(name_of(kind_)) + " " + quoted;
}

std::string TextPattern::required() const {
  switch (kind_) {
    case Kind::Glob:
      return literal_of_glob(pattern_);
    case Kind::Regex:
      return literal_of_regex(pattern_);
    default:
      return pattern_;
  }
}

std::string_view name_of(TextPattern::Kind kind) {
  switch (kind) {
    case TextPattern::Kind::Exact:
      return "exact";
    case TextPattern::Kind::Contains:
      return "contains";
    case TextPattern::Kind::Glob:
      return "glob";
    case TextPattern::Kind::Regex:
      return "regex";
  }
  return "";
}

}  // namespace mimus::server
