#include "server/dialect/rule_texts.h"

namespace mimus::server {
namespace {

std::string join(const std::vector<std::string>& items, std::string_view word) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) {
      text += items.size() > 2 ? ", " : " ";
      if (i + 1 == items.size()) text += std::string(word) + " ";
    }
    text += items[i];
  }
  return text;
}

// A long name in such a list loses its middle: 'fil...lts' (observed 2026-08-30).
std::string shortened_list(const std::vector<std::string>& names) {
  constexpr std::size_t kLongest = 12;
  constexpr std::size_t kEnds = 3;
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    shown.push_back(name.size() <= kLongest ? name : name.substr(0, kEnds) + "..." + name.substr(name.size() - kEnds));
  }
  return quoted_list(shown, "or");
}

bool begins_with_vowel(std::string_view word) {
  return !word.empty() && std::string_view("aeiou").find(word.front()) != std::string_view::npos;
}

std::string plural_of_items(const Rule* items) {
  if (items == nullptr) return "";
  if (items->kinds.has(Json::Kind::Object)) return " of " + (items->noun.empty() ? "object" : items->noun) + "s";
  if (!items->allowed.empty()) return " of one of " + shortened_list(items->allowed.names());
  if (items->kinds.has(Json::Kind::String)) return " of strings";
  if (items->kinds.has(Json::Kind::Number)) return " of decimals";
  if (items->kinds.has(Json::Kind::Integer)) return " of integers";
  if (items->kinds.has(Json::Kind::Array)) return " of arrays";
  return "";
}

// The types a rule takes, without article, in the vendor's order; an article belongs before the first alone.
struct Noun {
  std::string article;
  std::string text;
};

std::vector<Noun> nouns_of(const Rule& rule) {
  const Kinds& kinds = rule.kinds;
  std::vector<Noun> nouns;
  if (kinds.has(Json::Kind::String)) {
    if (rule.allowed.empty()) {
      nouns.push_back({"a ", "string"});
    } else {
      nouns.push_back({"", "one of " + quoted_list(rule.allowed.names(), "or")});
    }
  }
  if (kinds.has(Json::Kind::Number)) {
    nouns.push_back({"a ", "decimal"});
  } else if (kinds.has(Json::Kind::Integer)) {
    nouns.push_back({"an ", "integer"});
  }
  if (kinds.has(Json::Kind::Bool)) nouns.push_back({"a ", "boolean"});
  if (kinds.has(Json::Kind::Array)) nouns.push_back({"an ", "array" + plural_of_items(rule.items)});
  if (kinds.has(Json::Kind::Object)) {
    const std::string noun = rule.noun.empty() ? "object" : rule.noun;
    nouns.push_back({begins_with_vowel(noun) ? "an " : "a ", noun});
  }
  return nouns;
}

}  // namespace

std::string expected_text(const Rule& rule) {
  const std::vector<Noun> nouns = nouns_of(rule);
  if (nouns.empty()) return "null";
  if (nouns.size() == 1) return nouns[0].article + nouns[0].text;
  std::vector<std::string> words;
  for (const Noun& noun : nouns) words.push_back(noun.text);
  return "one of " + nouns[0].article + join(words, "or");
}

std::string found_text(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::Missing:
      return "nothing";
    case Json::Kind::Null:
      return "null";
    case Json::Kind::Bool:
      return "a boolean";
    case Json::Kind::Integer:
      return "an integer";
    case Json::Kind::Number:
      return "a decimal number";
    case Json::Kind::String:
      return "a string";
    case Json::Kind::Array:
      return "an array";
    case Json::Kind::Object:
      return "an object";
  }
  return "something else";
}

std::string quoted_list(const std::vector<std::string>& names, std::string_view word) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back("'" + name + "'");
  return join(quoted, word);
}

std::string echo(std::string_view text) {
  if (text.size() <= kLongestEcho) return std::string(text);
  std::size_t cut = kLongestEcho;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return std::string(text.substr(0, cut)) + "...";
}

std::string echo(Json value) {
  return value.is_string() ? echo(value.as_string()) : echo(to_text(value));
}

}  // namespace mimus::server
