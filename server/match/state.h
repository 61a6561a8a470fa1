// What the fixtures remember between requests, separately for each test: how often each was used, and named states. The
// value of header x-mimus-test names the test, else the API key does, so that parallel tests on one server do not
// disturb each other. Thread-safe; capped: beyond Limits the test (fixture, request) unused for longest is forgotten.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/match/fixture.h"

namespace mimus::server {

// The name under which a test's counters are kept: of the header's value, else of the key. Never for display.
std::string test_key(std::string_view test_header, std::string_view api_key);

class TestStates {
 public:
  struct Limits {
    std::size_t tests = 10'000;
    std::size_t fixtures = 100'000;  // of one test
    std::size_t requests = 10'000;   // of one test, see count_request
  };

  // A fixture that was free for this test and is now used once more.
  struct Claim {
    std::size_t index = 0;  // which of the candidates
    std::uint64_t nth = 1;  // how often it was used, with this time
    States states;          // as they were before the fixture set its own
  };

  explicit TestStates(Limits limits) : limits_(limits) {}
  TestStates() : TestStates(Limits{}) {}

  // The first of `candidates` that is not used up and whose states hold, counted and its states set, at one stroke.
  std::optional<Claim> claim(std::string_view test, std::span<const std::shared_ptr<const Fixture>> candidates);

  // Counts a request, known by its digest: 1 the first time. For the directive `first`.
  std::uint64_t count_request(std::string_view test, std::uint64_t digest);

  // Without counting, for messages.
  [[nodiscard]] std::uint64_t uses(std::string_view test, const Fixture& fixture) const;
  [[nodiscard]] States states(std::string_view test) const;

  void reset();
  void reset(std::string_view test);
  [[nodiscard]] std::size_t tests() const;

 private:
  struct Test {
    std::mutex mutex;
    std::map<std::uint64_t, std::uint64_t> uses;      // by fixture id: the lowest are the oldest
    std::map<std::uint64_t, std::uint64_t> requests;  // by digest
    std::list<std::uint64_t> request_order;           // the oldest first
    States states;
  };
  struct Slot {
    std::shared_ptr<Test> test;
    std::list<std::string>::iterator place;
  };
  std::shared_ptr<Test> open(std::string_view name);  // made when new, and now the latest used
  [[nodiscard]] std::shared_ptr<Test> find(std::string_view name) const;

  Limits limits_;
  mutable std::mutex mutex_;  // of the map; each test has its own for what is in it
  std::map<std::string, Slot, std::less<>> tests_;
  std::list<std::string> order_;  // the longest unused first
};

// Whether `fixture`, used `uses` times so far, may be used again.
bool is_available(const Fixture& fixture, std::uint64_t uses, const States& states);

}  // namespace mimus::server
