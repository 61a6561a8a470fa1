// The few productions of HTTP's grammar that the transport needs. Pure.
// Source: RFC 9110 5.5 and 5.6, RFC 9112 3 and 7.1.
#pragma once

#include <cstdint>
#include <string_view>

namespace mimus::server {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_token_char(char c);
bool is_token(std::string_view text);        // not empty, token characters only
bool is_target(std::string_view text);       // not empty, no blank or control character
bool is_field_value(std::string_view text);  // no control character but tabs

std::string_view trim_blanks(std::string_view text);  // spaces and tabs at both ends

// Does the comma-separated `list` hold `item`, in any case?
bool list_has(std::string_view list, std::string_view item);

// All of `text` is a number of at most 18 (decimal) or 15 (hexadecimal) digits: no sign, no blank, no prefix.
bool read_decimal(std::string_view text, std::uint64_t& value);
bool read_hex(std::string_view text, std::uint64_t& value);

}  // namespace mimus::server
