#include "server/synth/topics.h"

#include <algorithm>
#include <array>
#include <span>

#include "api/header.h"
#include "server/char_class.h"

namespace mimus::server {
namespace {

constexpr std::size_t kLookAt = 600;
constexpr std::size_t kShortest = 4;
constexpr std::size_t kLongest = 32;

// Sorted, lower case.
constexpr std::string_view kEveryday[] = {
    "about",     "after",    "again",  "all",    "also",   "and",       "answer",  "any",     "anything",  "are",
    "assistant", "because",  "been",   "before", "being",  "brief",     "briefly", "but",     "call",      "can",
    "could",     "did",      "does",   "doing",  "each",   "explain",   "false",   "fetch",   "following", "for",
    "from",      "function", "get",    "give",   "given",  "has",       "have",    "hello",   "help",      "here",
    "how",       "into",     "its",    "just",   "know",   "let",       "like",    "list",    "make",      "many",
    "more",      "most",     "much",   "must",   "need",   "new",       "not",     "now",     "one",       "only",
    "other",     "our",      "out",    "over",   "please", "put",       "reply",   "respond", "return",    "run",
    "say",       "set",      "should", "show",   "some",   "something", "such",    "tell",    "than",      "thank",
    "thanks",    "that",     "the",    "their",  "them",   "then",      "there",   "these",   "they",      "think",
    "this",      "tool",     "true",   "two",    "use",    "used",      "user",    "using",   "very",      "want",
    "was",       "well",     "were",   "what",   "when",   "where",     "which",   "while",   "who",       "why",
    "will",      "with",     "word",   "words",  "would",  "write",     "you",     "your"};
static_assert(std::is_sorted(std::begin(kEveryday), std::end(kEveryday)));

// Where the words with each first letter begin.
constexpr std::array<std::size_t, 27> make_begins() {
  std::array<std::size_t, 27> begins{};
  for (const std::string_view word : kEveryday) ++begins[static_cast<std::size_t>(word.front() - 'a') + 1];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  return begins;
}
constexpr std::array<std::size_t, 27> kBeginOf = make_begins();

bool is_word_part(CharClass kind, bool inside) {
  return kind == CharClass::Letter || kind == CharClass::OtherLetter || kind == CharClass::Ideograph ||
         (inside && kind == CharClass::Digit);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

std::string_view take_word(std::string_view& text) {
  std::size_t start = 0;
  while (start < text.size()) {
    const Char c = char_at(text, start);
    if (is_word_part(c.kind, false)) break;
    start += c.size;
  }
  std::size_t end = start;
  while (end < text.size()) {
    const Char c = char_at(text, end);
    if (!is_word_part(c.kind, true)) break;
    end += c.size;
  }
  const std::string_view word = text.substr(start, end - start);
  text.remove_prefix(end);
  return word;
}

bool same_word(std::string_view a, std::string_view b) {
  return equal_ignoring_case(a, b);
}

bool is_everyday_word(std::string_view word) {
  const auto letter = word.empty() ? 26U : static_cast<unsigned>(lower(word.front()) - 'a');
  if (letter >= 26) return false;
  const auto words = std::span(kEveryday).subspan(kBeginOf[letter], kBeginOf[letter + 1] - kBeginOf[letter]);
  return std::any_of(words.begin(), words.end(), [word](std::string_view known) { return same_word(known, word); });
}

Topics::Topics(std::string_view text) {
  text = cut_to_bytes(text, kLookAt);
  collect(text, true);
  if (empty()) collect(text, false);
}

void Topics::collect(std::string_view text, bool picky) {
  while (count_ < kMaxTopics && !text.empty()) {
    const std::string_view word = take_word(text);
    if (word.empty()) return;
    if (picky && (word.size() < kShortest || word.size() > kLongest || is_everyday_word(word))) continue;
    add(cut_to_bytes(word, kLongest));
  }
}

void Topics::add(std::string_view word) {
  if (std::none_of(begin(), end(), [&](std::string_view known) { return same_word(known, word); })) {
    words_[count_++] = word;
  }
}

}  // namespace mimus::server
