// The token estimate of mimus: no BPE tables, but close on English, deterministic, and the same everywhere, so that
// max_tokens, usage, stream chunks and logprobs agree with each other. Pure and thread-safe.
// A token is an optional leading space with a run of letters (long runs are split), a group of up to three digits, a
// run of punctuation, newlines, or other white space; tokens never split a UTF-8 sequence and concatenate to the text.
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
