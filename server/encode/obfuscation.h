// The member `obfuscation` of stream chunks: random letters that give chunks the same size, so that their lengths on
// the wire do not betray their tokens. Source: OpenAI API reference, stream_options.include_obfuscation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "server/split_mix.h"

namespace mimus::server {

// Deterministic: a function of the seed and of the sizes it is asked to pad.
class Obfuscation {
 public:
  explicit Obfuscation(std::uint64_t seed) : numbers_(seed) {}

  // Appends ,"obfuscation":"..." to a chunk. Chunks whose text takes at most kUnit bytes come out `plain_size` + kUnit
  // bytes long, others a multiple of kUnit longer. `plain_size`: of a chunk with an empty text, without this member;
  // `size`: of this chunk without it.
  void append(std::size_t plain_size, std::size_t size, std::string& out);

  static constexpr std::size_t kUnit = 16;

 private:
  SplitMix64 numbers_;
};

}  // namespace mimus::server
