#include "server/dialect/name_table.h"

#include <cassert>
#include <utility>

namespace mimus::server {

NameTable::NameTable(std::vector<std::string> names) : names_(std::move(names)) {
  assert(names_.size() <= 10'000 && "a name table is for a few names");
  std::size_t size = 4;
  while (size < names_.size() * 2) size *= 2;
  slots_.assign(size, -1);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    std::size_t slot = slot_of(names_[i]);
    while (slots_[slot] >= 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::int16_t>(i);
  }
}

int NameTable::find(std::string_view name) const {
  if (slots_.empty()) return -1;
  for (std::size_t slot = slot_of(name); slots_[slot] >= 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const int index = slots_[slot];
    if (names_[static_cast<std::size_t>(index)] == name) return index;
  }
  return -1;
}

// Three letters and the length tell the member names of these APIs well apart; a collision costs one comparison more.
std::size_t NameTable::slot_of(std::string_view name) const {
  if (name.empty()) return 0;
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
  const std::size_t hash = name.size() * 7 + at(0) * 31 + at(name.size() / 2) * 131 + at(name.size() - 1) * 17;
  return (hash ^ (hash >> 5)) & (slots_.size() - 1);
}

}  // namespace mimus::server
