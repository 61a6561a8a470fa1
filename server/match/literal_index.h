// Finds, among many fixtures, the few that a request can match, without walking them all. Each fixture is filed once,
// under the literal that the fewest others share: an exact value (last user message, model, header, JSON string ...),
// or four bytes in a row of a text that `contains`, a glob or a regex cannot do without. Those that have no such
// literal are candidates always. Immutable after building, so thread-safe.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/match/fixture.h"
#include "server/match/question.h"

namespace mimus::server {

class LiteralIndex {
 public:
  LiteralIndex() = default;
  explicit LiteralIndex(std::span<const std::shared_ptr<const Fixture>> fixtures);

  // Positions of the fixtures that may match, ascending, each once, but without those of `always`. Their conditions
  // are still to be tried: two literals may share a place in the index.
  [[nodiscard]] std::vector<std::uint32_t> candidates(const Question& question) const;

  [[nodiscard]] const std::vector<std::uint32_t>& always() const { return always_; }

 private:
  using Key = std::uint64_t;
  struct Source {  // what part of a question some keys are made of
    Field field;
    std::string key;
    bool operator==(const Source&) const = default;
  };
  static std::size_t bit_of(std::uint32_t piece) { return piece * 0x9e3779b1U >> 16; }
  void look_up(Key key, std::vector<std::uint32_t>& found) const;
  void look_up_pieces(Field field, std::string_view text, std::vector<std::uint32_t>& found) const;
  void note_source(const Condition& condition, bool is_piece);

  std::unordered_map<Key, std::vector<std::uint32_t>> places_;
  std::vector<Source> exact_sources_;
  std::vector<Field> piece_sources_;
  std::bitset<1 << 16> has_piece_;  // by bit_of(): most pieces of a text are in no fixture
  std::vector<std::uint32_t> always_;
};

}  // namespace mimus::server
