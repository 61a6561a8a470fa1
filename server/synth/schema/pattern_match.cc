// A node maps the set of positions at which it may begin to the set at which it may end. Sets, not paths, so nothing
// is tried twice and no pattern takes exponential time.

#include <algorithm>

#include "server/char_class.h"
#include "server/synth/schema/pattern.h"

namespace mimus::server {
namespace {

using Kind = PatternNode::Kind;
using Places = std::vector<char>;  // [i]: position i is in the set

constexpr std::size_t kMostWork = 2'000'000;  // positions looked at; beyond it nothing matches

std::vector<std::uint32_t> code_points(std::string_view text) {
  std::vector<std::uint32_t> codes;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint8_t size = char_at(text, at).size;
    const auto lead = static_cast<unsigned char>(text[at]);
    std::uint32_t code = size == 1 ? lead : lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    codes.push_back(code);
    at += size;
  }
  return codes;
}

bool any(const Places& places) {
  return std::find(places.begin(), places.end(), 1) != places.end();
}

void unite(Places& to, const Places& more) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<char>(to[i] | more[i]);
}

bool contains(const std::vector<CharRange>& set, std::uint32_t code) {
  return std::any_of(set.begin(), set.end(), [&](const CharRange& r) { return r.first <= code && code <= r.second; });
}

class Matcher {
 public:
  explicit Matcher(std::string_view text) : text_(code_points(text)) {}

  [[nodiscard]] bool found(const PatternNode& root) const { return any(ends(root, Places(text_.size() + 1, 1))); }

 private:
  [[nodiscard]] Places ends(const PatternNode& node, Places from) const {
    work_ += from.size();
    if (work_ > kMostWork) return Places(from.size(), 0);
    switch (node.kind) {
      case Kind::Set:
        return after_char(node.set, from);
      case Kind::Sequence:
        for (const PatternNode& child : node.children) from = ends(child, std::move(from));
        return from;
      case Kind::Alternation: {
        Places all(from.size(), 0);
        for (const PatternNode& child : node.children) unite(all, ends(child, from));
        return all;
      }
      case Kind::Repeat:
        return after_repeat(node, std::move(from));
      default:
        break;
    }
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<char>(from[i] != 0 && holds(node, i));
    return from;
  }

  [[nodiscard]] Places after_char(const std::vector<CharRange>& set, const Places& from) const {
    Places to(from.size(), 0);
    for (std::size_t i = 0; i < text_.size(); ++i)
      to[i + 1] = static_cast<char>(from[i] != 0 && contains(set, text_[i]));
    return to;
  }

  [[nodiscard]] Places after_repeat(const PatternNode& node, Places from) const {
    for (int i = 0; i < node.min; ++i) {
      Places next = ends(node.children[0], from);
      if (next == from) break;  // further turns change nothing
      from = std::move(next);
    }
    return more_of(node, from, node.min);
  }

  // Every number of repetitions from `done` to node.max.
  [[nodiscard]] Places more_of(const PatternNode& node, const Places& from, int done) const {
    Places all = from;
    Places fresh = from;
    for (; done < node.max && any(fresh); ++done) {
      fresh = ends(node.children[0], std::move(fresh));
      for (std::size_t i = 0; i < all.size(); ++i) fresh[i] = static_cast<char>(fresh[i] != 0 && all[i] == 0);
      unite(all, fresh);
    }
    return all;
  }

  [[nodiscard]] bool is_word(std::size_t i) const {
    if (i >= text_.size()) return false;
    const std::uint32_t c = text_[i];
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  }

  [[nodiscard]] bool holds(const PatternNode& node, std::size_t at) const {
    const bool border = is_word(at) != (at > 0 && is_word(at - 1));
    switch (node.kind) {
      case Kind::Start:
        return at == 0;
      case Kind::End:
        return at == text_.size();
      case Kind::WordBorder:
        return border;
      case Kind::NotWordBorder:
        return !border;
      default:
        break;
    }
    Places here(text_.size() + 1, 0);
    here[at] = 1;
    return any(ends(node.children[0], std::move(here))) == (node.kind == Kind::Ahead);
  }

  std::vector<std::uint32_t> text_;
  mutable std::size_t work_ = 0;
};

}  // namespace

bool Pattern::matches(std::string_view text) const {
  return Matcher(text).found(root_);
}

}  // namespace mimus::server
