// Globs: `*` for any run of characters, `?` for one, a backslash takes the next one literally. Pure.
#pragma once

#include <string>
#include <string_view>

namespace mimus::server {

// Whether the whole of `text` fits. Never backtracks: at worst length times length.
bool fits_glob(std::string_view glob, std::string_view text);

// Whether `text` holds a `*` or `?` that is not taken literally.
bool has_wildcard(std::string_view text);

// The longest literal piece of a glob.
std::string literal_of_glob(std::string_view glob);

}  // namespace mimus::server
