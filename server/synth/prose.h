// English-looking prose about a few words: whole sentences of a small grammar, paragraphs, no facts. Pure and
// thread-safe. A longer text of the same digest and topics begins with the shorter one.
#pragma once

#include <cstdint>
#include <string>

#include "server/synth/topics.h"

namespace mimus::server {

// Exactly `tokens` tokens, cut where they end.
std::string prose(std::uint64_t digest, const Topics& topics, std::int64_t tokens);

// Three to six whole sentences, 35 to 120 tokens.
std::string prose(std::uint64_t digest, const Topics& topics);

// The two above behind a given beginning, which counts towards `tokens`.
void append_prose(std::uint64_t digest, const Topics& topics, std::int64_t tokens, std::string& text);
void append_prose(std::uint64_t digest, const Topics& topics, std::string& text);

// One sentence without its end mark is too long for many fields: `words` words of the vocabulary, separated by spaces.
void append_phrase(std::uint64_t digest, const Topics& topics, int words, std::string& text);

// The nouns of the vocabulary, at least 20 different ones, lower case.
std::string_view noun(std::uint32_t number);

}  // namespace mimus::server
