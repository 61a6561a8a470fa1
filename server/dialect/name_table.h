// Finds a name among a fixed few in constant time and without allocation: member names, roles, types.
// Immutable after building, so thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

class NameTable {
 public:
  NameTable() = default;
  explicit NameTable(std::vector<std::string> names);  // at most 10,000, each once

  [[nodiscard]] int find(std::string_view name) const;  // its index, or -1
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool empty() const { return names_.empty(); }

 private:
  [[nodiscard]] std::size_t slot_of(std::string_view name) const;

  std::vector<std::string> names_;
  std::vector<std::int16_t> slots_;  // open addressing; -1 is free; the size is a power of two
};

}  // namespace mimus::server
