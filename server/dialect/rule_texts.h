// The wording of what a rule expects and of what was found, as OpenAI's API words it (observed on /v1/chat/completions,
// 2024 to 2026): "expected one of a string or array of objects, but got an integer instead". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "server/dialect/rule.h"

namespace mimus::server {

std::string expected_text(const Rule& rule);

// "an object", "a decimal number", "null".
std::string found_text(Json::Kind kind);

// 'a' and 'b'; 'a', 'b', and 'c'. The word is "and" or "or".
std::string quoted_list(const std::vector<std::string>& names, std::string_view word);

// A value in a message: numbers as they are, text cut after `kLongestEcho` bytes and never inside a UTF-8 sequence.
inline constexpr std::size_t kLongestEcho = 1000;
std::string echo(std::string_view text);
std::string echo(Json value);

}  // namespace mimus::server
