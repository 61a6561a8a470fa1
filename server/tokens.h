// The token estimate of mimus: no BPE tables, but close on English, deterministic, and the same everywhere, so that
// max_tokens, usage, stream chunks and logprobs agree with each other. Pure and thread-safe.
// A token is one of: an optional leading space with up to 8 ASCII letters (longer words come in pieces of 5, the last
// up to 8), with up to 3 letters of another script, with one Chinese, Japanese or Korean character, with up to two
// marks of punctuation, or with an emoji; a group of up to three digits; a run of newlines; a run of other white space.
// Tokens never split a UTF-8 sequence and concatenate to the text; counts add up over any cut between tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mimus::server {

// The length in bytes of the token at the start of `text`; 0 only for an empty text.
std::size_t first_token_size(std::string_view text);

std::int64_t count_tokens(std::string_view text);

// The longest prefix of `text` with at most `limit` tokens.
std::string_view first_tokens(std::string_view text, std::int64_t limit);

}  // namespace mimus::server
