// Which entries of the journal somebody wants to see: conditions on single members, as they stand in a query. All must
// hold. Immutable after making, so thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/journal/entry.h"

namespace mimus::server {

// One member that can be asked for.
struct FilterRow {
  std::string_view name;
  bool (*passes)(const Record& record, std::string_view wanted);
  std::string_view expected;                  // what its value may be, for errors
  bool (*is_value)(std::string_view wanted);  // null: anything
};

// endpoint, method, path, model, status, test, key_hash, script, fixture, ended.
std::span<const FilterRow> filter_rows();

class JournalFilter {
 public:
  // Why `wanted` is no value for the row; nothing when it was taken.
  std::optional<std::string> add(const FilterRow& row, std::string wanted);

  [[nodiscard]] bool passes(const Record& record) const;

 private:
  std::vector<std::pair<const FilterRow*, std::string>> wanted_;
};

}  // namespace mimus::server
