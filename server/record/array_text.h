// Finds its way in the text of a JSON file that people wrote, comments and trailing commas and all, so that an element
// can be added to an array without touching the rest. The text must be one that parses. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mimus::server {

// Where the first value of the text begins.
std::size_t root_in(std::string_view text);
// Where the value of member `key` begins, in the object that begins at `object`. Nothing: it has none.
std::optional<std::size_t> member_in(std::string_view text, std::size_t object, std::string_view key);
// Where element `index` begins, in the array that begins at `array`.
std::optional<std::size_t> element_in(std::string_view text, std::size_t array, std::size_t index);

// The text with `element` behind the last one of the array that begins at `array`, on a line of its own, which begins
// with `indent`.
std::string with_element(std::string_view text, std::size_t array, std::string_view element, std::string_view indent);

}  // namespace mimus::server
