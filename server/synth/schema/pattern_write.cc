#include <algorithm>

#include "server/synth/schema/pattern.h"

namespace mimus::server {
namespace {

using Kind = PatternNode::Kind;

constexpr int kNaturalRepeats = 5;           // beyond what a quantifier asks for
constexpr std::size_t kEndless = 1'000'000;  // "longer than any text here"
constexpr std::uint32_t kOpenSet = 200;      // from this size on, a set names what is forbidden rather than wanted

void append_utf8(std::uint32_t code, std::string& out) {
  const auto byte = [&out](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  const auto tail = [&](std::uint32_t shift) { byte(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) return byte(0xC0 | code >> 6), tail(0);
  if (code < 0x10000) return byte(0xE0 | code >> 12), tail(6), tail(0);
  byte(0xF0 | code >> 18), tail(12), tail(6), tail(0);
}

std::vector<CharRange> common(const std::vector<CharRange>& set, const std::vector<CharRange>& wanted) {
  std::vector<CharRange> both;
  for (const auto& [a, b] : set) {
    for (const auto& [c, d] : wanted) {
      if (std::max(a, c) <= std::min(b, d)) both.emplace_back(std::max(a, c), std::min(b, d));
    }
  }
  return both;
}

std::uint32_t size_of(const std::vector<CharRange>& set) {
  std::uint32_t size = 0;
  for (const auto& [first, last] : set) size += last - first + 1;
  return size;
}

// Prefers what reads well: letters and digits, else printable characters, else anything but surrogates.
std::uint32_t pick_char(const std::vector<CharRange>& set, bool varied, Rng& rng) {
  static const std::vector<std::vector<CharRange>> kPreferences = {
      {{'a', 'z'}},
      {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}},
      {{' ', '~'}},
      {{1, 0xD7FF}, {0xE000, 0x10FFFF}},
  };
  const std::size_t first = size_of(set) >= kOpenSet && !varied ? 0 : 1;
  for (std::size_t i = first; i < kPreferences.size(); ++i) {
    const std::vector<CharRange> good = common(set, kPreferences[i]);
    if (good.empty()) continue;
    std::uint32_t index = rng.below(size_of(good));
    for (const auto& [low, high] : good) {
      if (index <= high - low) return low + index;
      index -= high - low + 1;
    }
  }
  return 0;
}

std::size_t shortest_of(const PatternNode& node) {
  std::size_t size = 0;
  switch (node.kind) {
    case Kind::Set:
      return node.set.empty() ? kEndless : 1;
    case Kind::Sequence:
      for (const PatternNode& child : node.children) size += shortest_of(child);
      return std::min(size, kEndless);
    case Kind::Alternation:
      size = kEndless;
      for (const PatternNode& child : node.children) size = std::min(size, shortest_of(child));
      return size;
    case Kind::Repeat:
      return std::min(static_cast<std::size_t>(node.min) * shortest_of(node.children[0]), kEndless);
    default:
      return 0;
  }
}

bool looks_ahead(const PatternNode& node) {
  return node.kind == Kind::Ahead || node.kind == Kind::NotAhead ||
         std::any_of(node.children.begin(), node.children.end(), looks_ahead);
}

class Writer {
 public:
  // `extra`: characters to be added to the shortest text by repeating; nothing: a few here and there.
  Writer(Rng& rng, std::optional<std::size_t> extra, bool varied) : rng_(rng), extra_(extra), varied_(varied) {}

  void write(const PatternNode& node, std::string& out) {
    switch (node.kind) {
      case Kind::Set:
        return append_utf8(pick_char(node.set, varied_, rng_), out);
      case Kind::Sequence:
        for (const PatternNode& child : node.children) write(child, out);
        return;
      case Kind::Alternation:
        return write(rng_.pick(node.children), out);
      case Kind::Repeat:
        for (int count = repeats(node); count > 0 && out.size() < kEndless; --count) write(node.children[0], out);
        return;
      default:
        return;
    }
  }

 private:
  int repeats(const PatternNode& node) {
    const int room = node.max - node.min;
    if (!extra_) return node.min + static_cast<int>(rng_.between(0, std::min(room, kNaturalRepeats)));
    const std::size_t each = std::max<std::size_t>(1, shortest_of(node.children[0]));
    const std::size_t more = std::min(static_cast<std::size_t>(room), *extra_ / each);
    *extra_ -= more * each;
    return node.min + static_cast<int>(more);
  }

  Rng& rng_;
  std::optional<std::size_t> extra_;
  bool varied_;
};

}  // namespace

std::size_t Pattern::shortest() const {
  return shortest_of(root_);
}

std::string Pattern::write(Rng& rng, std::optional<std::size_t> length) const {
  std::optional<std::size_t> extra;
  if (length) extra = *length > shortest() ? *length - shortest() : 0;
  std::string text;
  Writer(rng, extra, looks_ahead(root_)).write(root_, text);
  return text;
}

}  // namespace mimus::server
