#include "server/encode/text_cursor.h"

#include "server/tokens.h"

namespace mimus::server {

std::string_view TextCursor::next(std::string_view text, int tokens) {
  return next(text, tokens, {});
}

std::string_view TextCursor::next(std::string_view text, int tokens, std::span<const TokenLogprob> logprobs) {
  const std::size_t start = offset_;
  for (int i = 0; i == 0 || i < tokens; ++i) {
    const std::string_view rest = text.substr(offset_);
    if (rest.empty()) break;
    const auto place = static_cast<std::size_t>(tokens_);
    const std::string_view listed =
        place < logprobs.size() ? std::string_view(logprobs[place].token) : std::string_view();
    offset_ += !listed.empty() && rest.starts_with(listed) ? listed.size() : first_token_size(rest);
    ++tokens_;
  }
  return text.substr(start, offset_ - start);
}

}  // namespace mimus::server
