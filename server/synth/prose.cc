#include "server/synth/prose.h"

#include "server/synth/rng.h"
#include "server/synth/vocabulary.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

using vocabulary::Pattern;
using vocabulary::Piece;
using vocabulary::Slot;

constexpr std::uint64_t kLength = 1;  // parts of a digest, see derive()
constexpr std::uint64_t kWords = 2;
constexpr int kParagraph = 6;  // sentences
// No sentence has more tokens than this in the shortest patterns; used to count rarely while a long text grows.
constexpr std::int64_t kSentenceTokens = 24;

class Writer {
 public:
  Writer(std::uint64_t digest, const Topics& topics) : rng_(derive(digest, kWords)), topics_(topics) {}

  void sentence(std::string& out) {
    if (!out.empty()) out.append(written_ % kParagraph == 0 && written_ > 0 ? "\n\n" : " ");
    fill(written_ == 0 ? rng_.pick(vocabulary::kOpenings) : next_pattern(), out);
    ++written_;
  }

  std::string_view word(Slot slot) {
    switch (slot) {
      case Slot::Topic:
        return topics_.empty() ? rng_.pick(vocabulary::kNouns) : rng_.pick(topics_);
      case Slot::Noun:
        return rng_.pick(vocabulary::kNouns);
      case Slot::Adjective:
        return rng_.pick(vocabulary::kAdjectives);
      case Slot::Verb:
        return rng_.pick(vocabulary::kVerbs);
      case Slot::Adverb:
        return rng_.pick(vocabulary::kAdverbs);
      case Slot::None:
        break;
    }
    return {};
  }

 private:
  // Never the pattern of the sentence before.
  const Pattern& next_pattern() {
    constexpr std::uint32_t kCount = std::size(vocabulary::kSentences);
    last_ = (last_ + 1 + rng_.below(kCount - 1)) % kCount;
    return vocabulary::kSentences[last_];
  }

  void fill(const Pattern& pattern, std::string& out) {
    for (const Piece& piece : pattern.pieces) {
      out.append(piece.text);
      if (piece.slot == Slot::None) return;
      out.append(word(piece.slot));
    }
  }

  Rng rng_;
  const Topics& topics_;
  int written_ = 0;
  std::uint32_t last_ = 0;
};

}  // namespace

void append_prose(std::uint64_t digest, const Topics& topics, std::int64_t tokens, std::string& text) {
  Writer writer(digest, topics);
  // Count only what was added since: a token border always lies before the space that begins a sentence.
  std::size_t counted = 0;
  std::int64_t count = 0;
  while (count < tokens) {
    const std::int64_t sentences = (tokens - count) / kSentenceTokens + 1;
    for (std::int64_t i = 0; i < sentences; ++i) writer.sentence(text);
    count += count_tokens(std::string_view(text).substr(counted));
    counted = text.size();
  }
  text.resize(first_tokens(text, tokens).size());
}

void append_prose(std::uint64_t digest, const Topics& topics, std::string& text) {
  Writer writer(digest, topics);
  const std::uint32_t sentences = 3 + Rng(derive(digest, kLength)).below(4);
  for (std::uint32_t i = 0; i < sentences; ++i) writer.sentence(text);
}

std::string prose(std::uint64_t digest, const Topics& topics, std::int64_t tokens) {
  std::string text;
  append_prose(digest, topics, tokens, text);
  return text;
}

std::string prose(std::uint64_t digest, const Topics& topics) {
  std::string text;
  text.reserve(512);
  append_prose(digest, topics, text);
  return text;
}

void append_phrase(std::uint64_t digest, const Topics& topics, int words, std::string& text) {
  Writer writer(digest, topics);
  constexpr Slot kOrder[] = {Slot::Adjective, Slot::Topic, Slot::Noun};
  for (int i = 0; i < words; ++i) {
    if (i > 0) text.push_back(' ');
    text.append(writer.word(kOrder[static_cast<std::size_t>(words > 1 ? i % 3 : 1)]));
  }
}

std::string_view noun(std::uint32_t number) {
  return vocabulary::kNouns[number % std::size(vocabulary::kNouns)];
}

}  // namespace mimus::server
