#include "server/record/array_text.h"

#include <algorithm>

namespace mimus::server {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// The next byte that is neither blank nor comment.
std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (is_blank(text[at])) {
      ++at;
    } else if (text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      const std::size_t end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 2;
    } else {
      break;
    }
  }
  return at;
}

// Behind the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

// Behind the value that begins at `at`.
std::size_t skip_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      --depth;
      ++at;
    } else if (depth == 0) {  // a number, true, false, null
      at = std::min(text.find_first_of(",]}/ \t\r\n", at), text.size());
    } else {
      at = std::max(at + 1, std::min(text.find_first_of("\"{}[]/", at), text.size()));
    }
    if (depth == 0) return at;
    at = skip_blank(text, at);
  }
  return at;
}

// The next thing in an object or array behind `at`: past a comma, if there is one.
std::size_t next_in(std::string_view text, std::size_t at) {
  at = skip_blank(text, at);
  return at < text.size() && text[at] == ',' ? skip_blank(text, at + 1) : at;
}

bool is_end(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == '}' || text[at] == ']';
}

}  // namespace

std::size_t root_in(std::string_view text) {
  return skip_blank(text, 0);
}

std::optional<std::size_t> member_in(std::string_view text, std::size_t object, std::string_view key) {
  for (std::size_t at = skip_blank(text, object + 1); !is_end(text, at); at = next_in(text, at)) {
    const std::size_t key_end = skip_string(text, at);
    const bool is_it = text.substr(at + 1, key_end - at - 2) == key;
    at = skip_blank(text, skip_blank(text, key_end) + 1);  // the colon
    if (is_it) return at;
    at = skip_value(text, at);
  }
  return std::nullopt;
}

std::optional<std::size_t> element_in(std::string_view text, std::size_t array, std::size_t index) {
  for (std::size_t at = skip_blank(text, array + 1); !is_end(text, at); at = next_in(text, skip_value(text, at))) {
    if (index-- == 0) return at;
  }
  return std::nullopt;
}

std::string with_element(std::string_view text, std::size_t array, std::string_view element, std::string_view indent) {
  std::size_t last = array + 1;  // behind the last element, or its comma
  bool needs_comma = false;
  for (std::size_t at = skip_blank(text, last); !is_end(text, at);) {
    last = skip_value(text, at);
    at = skip_blank(text, last);
    needs_comma = !(at < text.size() && text[at] == ',');
    if (!needs_comma) {
      last = at + 1;
      at = skip_blank(text, last);
    }
  }
  std::string longer(text.substr(0, last));
  longer.append(needs_comma ? ",\n" : "\n").append(indent).append(element);
  return longer.append(text.substr(last));
}

}  // namespace mimus::server
