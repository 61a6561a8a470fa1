// Collects converted fixtures, and notes about what was lost, into one file.
#pragma once

#include <functional>
#include <string>

#include "api/json_writer.h"
#include "server/match/convert/convert.h"

namespace mimus::server {

class FixtureWriter {
 public:
  // Adds one fixture; `write` writes the members of its object. `number` is its place in the source, from 0: a lower
  // place gets the higher priority.
  void add(std::size_t number, const std::function<void(JsonWriter&)>& write);
  void note(std::size_t number, const std::string& message);

  Converted finish();

 private:
  Converted converted_;
};

}  // namespace mimus::server
