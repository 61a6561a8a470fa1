// The scripted side of a server: its fixtures, what they remember of each test, and how strict it is. Thread-safe.
#pragma once

#include <memory>

#include "server/log.h"
#include "server/match/fixture_store.h"
#include "server/match/state.h"

namespace mimus::server {

struct Scripting {
  Scripting(Vocabulary names, Log& to) : vocabulary(std::move(names)), store(vocabulary), log(to) {}

  const Vocabulary vocabulary;
  FixtureStore store;
  TestStates states;
  Log& log;
  bool is_strict = false;      // a request that no fixture matches is refused
  bool relays = false;         // a request that no fixture matches is a real API's to answer
  bool shows_prompts = false;  // misses tell what was asked, not only how long it was
};

}  // namespace mimus::server
