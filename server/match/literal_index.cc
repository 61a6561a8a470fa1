#include "server/match/literal_index.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <unordered_set>

namespace mimus::server {
namespace {

constexpr std::size_t kPiece = 4;          // bytes
constexpr std::size_t kMostPieces = 48;    // of one text: enough to find a rare one
constexpr std::size_t kMostSources = 256;  // distinct headers and pointers that are worth asking for in each request

// FNV-1a, with a last mixing so that the low bits are good. Collisions cost a comparison, nothing else.
class Hash {
 public:
  explicit Hash(std::uint64_t kind, Field field) { number(kind * 64 + static_cast<std::uint64_t>(field)); }
  Hash& text(std::string_view bytes) {
    for (const char c : bytes) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return *this;
  }
  Hash& number(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9e3779b97f4a7c15U;
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const {
    const std::uint64_t mixed = (state_ ^ (state_ >> 32)) * 0xd6e8feb86659fd93U;
    return mixed ^ (mixed >> 32);
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325U;
};

std::uint64_t exact_key(Field field, std::string_view key, std::string_view value) {
  return Hash(1, field).text(key).number(value.size()).text(value).value();
}

std::uint64_t value_key(Json value);

// The same for objects that are equal: the order of members does not count, and of repeated ones only the first.
void add_members(Json object, Hash& hash) {
  std::vector<std::uint64_t> members;
  for (const auto [key, value] : object.members()) {
    members.push_back(Hash(5, Field::JsonValue).text(key).number(value_key(object.find(key))).value());
  }
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  for (const std::uint64_t member : members) hash.number(member);
}

// Values that are equal have the same.
std::uint64_t value_key(Json value) {
  Hash hash(4, Field::JsonValue);
  if (value.is_string()) return hash.text(value.as_string()).value();
  if (value.is_number()) return hash.number(std::bit_cast<std::uint64_t>(value.as_double() + 0.0)).value();
  if (value.is_object()) return add_members(value, hash), hash.value();
  if (!value.is_array()) return hash.number(value.is_bool() ? (value.as_bool() ? 2 : 3) : 4).value();
  for (const Json element : value.elements()) hash.number(value_key(element));
  return hash.number(value.size()).value();
}

std::uint64_t json_key(std::string_view pointer, Json value) {
  if (value.is_string()) return exact_key(Field::JsonValue, pointer, value.as_string());
  return Hash(2, Field::JsonValue).text(pointer).number(value_key(value)).value();
}

// Calls `use` with four bytes in a row, at each place of the text in turn. Upper and lower case are one, for patterns
// that ignore it.
template <typename Use>
void each_piece(std::string_view text, Use use) {
  std::uint32_t piece = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    piece = piece << 8 | (byte >= 'A' && byte <= 'Z' ? byte + 32U : byte);
    if (i + 1 >= kPiece) use(piece);
  }
}

std::uint64_t piece_key(Field field, std::uint32_t piece) {
  return Hash(3, field).number(piece).value();
}

bool is_long_text(Field field) {
  return field == Field::LastUser || field == Field::System || field == Field::AnyText || field == Field::ToolResult;
}

struct Filing {
  std::uint64_t key = 0;
  const Condition* condition = nullptr;
  std::optional<std::uint32_t> piece;
};

void add_filings(const Condition& condition, std::vector<Filing>& filings) {
  if (const auto* equals = std::get_if<Equals>(&condition.expected)) {
    filings.push_back({json_key(condition.key, equals->value), &condition, {}});
    return;
  }
  const auto* test = std::get_if<TextPattern>(&condition.expected);
  if (test == nullptr) return;
  if (test->kind() == TextPattern::Kind::Exact) {
    filings.push_back({exact_key(condition.field, condition.key, test->pattern()), &condition, {}});
  } else if (is_long_text(condition.field)) {
    const std::string literal = test->required().substr(0, kMostPieces + kPiece);
    each_piece(literal, [&](std::uint32_t piece) {
      filings.push_back({piece_key(condition.field, piece), &condition, piece});
    });
  }
}

std::vector<Filing> filings_of(const Fixture& fixture) {
  std::vector<Filing> filings;
  for (const Condition& condition : fixture.when.conditions) add_filings(condition, filings);
  return filings;
}

}  // namespace

LiteralIndex::LiteralIndex(std::span<const std::shared_ptr<const Fixture>> fixtures) {
  std::unordered_map<Key, std::uint32_t> sharing;
  std::vector<std::vector<Filing>> filings;
  filings.reserve(fixtures.size());
  for (const auto& fixture : fixtures) {
    filings.push_back(filings_of(*fixture));
    for (const Filing& filing : filings.back()) ++sharing[filing.key];
  }
  for (std::uint32_t i = 0; i < fixtures.size(); ++i) {
    const Filing* best = nullptr;
    std::uint32_t fewest = std::numeric_limits<std::uint32_t>::max();
    for (const Filing& filing : filings[i]) {
      const Source source{filing.condition->field, filing.condition->key};
      const bool is_known = std::find(exact_sources_.begin(), exact_sources_.end(), source) != exact_sources_.end();
      if (!filing.piece && !is_known && exact_sources_.size() >= kMostSources) continue;
      const std::uint32_t count = sharing.find(filing.key)->second;
      if (count >= fewest) continue;
      fewest = count;
      best = &filing;
    }
    if (best == nullptr) {
      always_.push_back(i);
      continue;
    }
    places_[best->key].push_back(i);
    note_source(*best->condition, best->piece.has_value());
    if (best->piece) has_piece_.set(bit_of(*best->piece));
  }
}

void LiteralIndex::note_source(const Condition& condition, bool is_piece) {
  if (is_piece) {
    if (std::find(piece_sources_.begin(), piece_sources_.end(), condition.field) == piece_sources_.end()) {
      piece_sources_.push_back(condition.field);
    }
    return;
  }
  Source source{condition.field, condition.key};
  if (std::find(exact_sources_.begin(), exact_sources_.end(), source) == exact_sources_.end()) {
    exact_sources_.push_back(std::move(source));
  }
}

void LiteralIndex::look_up(Key key, std::vector<std::uint32_t>& found) const {
  const auto place = places_.find(key);
  if (place != places_.end()) found.insert(found.end(), place->second.begin(), place->second.end());
}

void LiteralIndex::look_up_pieces(Field field, std::string_view text, std::vector<std::uint32_t>& found) const {
  std::unordered_set<Key> seen;
  each_piece(text, [&](std::uint32_t piece) {
    if (!has_piece_.test(bit_of(piece))) return;
    const Key key = piece_key(field, piece);
    if (places_.contains(key) && seen.insert(key).second) look_up(key, found);
  });
}

std::vector<std::uint32_t> LiteralIndex::candidates(const Question& question) const {
  std::vector<std::uint32_t> found;
  for (const Source& source : exact_sources_) {
    if (source.field == Field::JsonValue) {
      if (const Json value = question.body.find_pointer(source.key)) look_up(json_key(source.key, value), found);
      continue;
    }
    each_text(source.field, source.key, question, [&](std::string_view text) {
      look_up(exact_key(source.field, source.key, text), found);
      return false;
    });
  }
  for (const Field field : piece_sources_) {
    each_text(field, "", question, [&](std::string_view text) {
      look_up_pieces(field, text, found);
      return false;
    });
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace mimus::server
