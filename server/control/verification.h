// Whether the requests in a journal were what somebody expects: how many match a `when`, or that some were made in an
// order. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/result.h"
#include "server/journal/filter.h"
#include "server/match/vocabulary.h"
#include "server/match/when_reader.h"

namespace mimus::server {

// {"when": {...}, "exactly": 2}, or at_least and at_most, or "never": true; nothing of it: at least one.
// {"order": [{...}, {...}]}: each `when` matched by a later request than the one before it.
// Besides: the filters of the journal ("test": "t1", "status": "2xx"), and "after": ID for entries behind one.
struct Expectation {
  std::vector<When> whens;  // one; or several, in order
  bool is_order = false;
  std::uint64_t at_least = 1;
  std::optional<std::uint64_t> at_most;
  std::uint64_t after = 0;
  JournalFilter filter;
  std::shared_ptr<const JsonDocument> document;  // the conditions' views point into it
};
Result<Expectation> read_expectation(std::string_view text, const Vocabulary& vocabulary);

struct Verdict {
  bool is_verified = false;
  std::string expected;                // "exactly 2"
  std::uint64_t found = 0;             // requests that match; in an order: how many of its steps
  std::uint64_t undecided = 0;         // requests whose body was too long to be kept whole
  std::vector<std::uint64_t> entries;  // the ids of those found, at most kMostShown
  std::string reason;                  // why not; empty when verified
  std::vector<Record> nearest;         // when too few were found: those that miss the fewest conditions, best first
};
inline constexpr std::size_t kMostShown = 1000;

// `records`: the oldest first. `last_evicted`: the highest id that the journal had to drop; 0: none.
Verdict verify_expectation(const Expectation& expectation, const std::vector<Record>& records,
                           std::uint64_t last_evicted);

}  // namespace mimus::server
