#include "server/synth/logprobs.h"

#include "server/synth/prose.h"
#include "server/synth/rng.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

// In 1/1024, so that sums are exact in binary and no logarithm has to be taken at run time. The alternatives fall from
// `second` by 3/4 each, which makes a geometric series of 1.9 times its probability: with the chosen token under 1.
struct Certainty {
  std::int32_t chosen;
  std::int32_t second;
};
constexpr Certainty kCertainties[] = {
    {-1, -8192},   {-3, -7168},    {-11, -6144},   {-20, -5120},   {-52, -4096},  {-102, -3584},
    {-154, -3072}, {-228, -2560},  {-320, -2304},  {-444, -2048},  {-586, -1844}, {-742, -1664},
    {-900, -1536}, {-1126, -1434}, {-1434, -1536}, {-1844, -1946},
};
constexpr std::int32_t kFall = 768;
constexpr std::int32_t kJitter = 64;

double log_value(std::int32_t units) {
  return static_cast<double>(units) / 1024;
}

std::string alternative(std::string_view token, std::uint32_t number) {
  std::string word(noun(number));
  if (token.front() == ' ') word.insert(word.begin(), ' ');
  return word;
}

}  // namespace

std::vector<TokenLogprob> make_logprobs(std::uint64_t digest, std::string_view text, int top) {
  std::vector<TokenLogprob> all;
  Rng rng(digest);
  while (!text.empty()) {
    const std::string_view token = text.substr(0, first_token_size(text));
    text.remove_prefix(token.size());
    // The same draws whatever `top` is, so that it only adds alternatives.
    const Certainty certainty = kCertainties[rng.below(rng.one_in(4) ? std::size(kCertainties) : 8)];
    const std::int32_t jitter = static_cast<std::int32_t>(rng.below(kJitter));
    std::uint32_t other = rng.next() & 0xFFFF;

    TokenLogprob entry{std::string(token), log_value(certainty.chosen), {}};
    if (top > 0) entry.top.emplace_back(token, entry.logprob);
    for (int i = 1; i < top; ++i) {
      std::string word = alternative(token, other++);
      if (word == token) word = alternative(token, other++);
      entry.top.emplace_back(std::move(word), log_value(certainty.second - jitter - (i - 1) * kFall));
    }
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace mimus::server
