// Walks over a text in the pieces that stream chunks carry. Pure; holds no view, so that it may live beside the text it
// walks over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "server/reply.h"

namespace mimus::server {

class TextCursor {
 public:
  // The next piece of `text`: `tokens` tokens (at least one), fewer at the end, empty behind it. Always the same text.
  std::string_view next(std::string_view text, int tokens);

  // The same, with the borders of the tokens that `logprobs` lists, so that a piece and its entries agree; behind the
  // last entry, and where an entry is longer than what is left, borders are those of mimus's own tokens.
  std::string_view next(std::string_view text, int tokens, std::span<const TokenLogprob> logprobs);

  [[nodiscard]] bool is_at_end(std::string_view text) const { return offset_ >= text.size(); }
  [[nodiscard]] std::size_t offset() const { return offset_; }   // in bytes
  [[nodiscard]] std::int64_t tokens() const { return tokens_; }  // walked over so far

 private:
  std::size_t offset_ = 0;
  std::int64_t tokens_ = 0;
};

}  // namespace mimus::server
