// What the limits need to know of a request before an endpoint has read it: the model for the message of a refusal, and
// how many tokens it may use. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mimus::server {

struct RequestSketch {
  std::string model;        // as asked, without directives; empty when the body names none
  std::int64_t tokens = 0;  // of the prompt, guessed, and of the longest reply it allows
};

// A token is taken for four characters, and encoded media (a data: URL, members "data", "file_data" and "b64_json") for
// none. Bodies that are not JSON have no tokens. The longest reply is max_tokens, max_completion_tokens,
// max_output_tokens or generationConfig.maxOutputTokens, for each of `n` choices.
// Source: OpenAI's guide to rate limits, which tells of an estimate from the number of characters and max_tokens.
RequestSketch sketch_request(std::string_view body);

}  // namespace mimus::server
