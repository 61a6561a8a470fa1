// Invented but plausible log probabilities. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "server/reply.h"

namespace mimus::server {

// One entry per token of `text`; the tokens concatenate to it. Each has `top` alternatives (0 to 20), the most likely
// first, which is the chosen token itself; the others differ from it and from each other. All probabilities of one
// place sum to less than 1. The entries of a shorter text are the first ones of a longer.
std::vector<TokenLogprob> make_logprobs(std::uint64_t digest, std::string_view text, int top);

}  // namespace mimus::server
