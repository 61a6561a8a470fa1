#include "server/endpoints/sample_args.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "server/dialect/situations.h"

namespace mimus::server {
namespace {

TEST(SampleArgs, HaveAValueForEveryPlaceholder) {
  const ErrorArgs args = sample_args("gpt-4o", "req_1");
  for (const Situation& situation : all_situations()) {
    std::istringstream names{std::string(situation.placeholders)};
    for (std::string name; names >> name;) {
      EXPECT_TRUE(std::any_of(args.begin(), args.end(), [&](const auto& arg) { return arg.first == name; }))
          << situation.name << ": " << name;
    }
  }
}

}  // namespace
}  // namespace mimus::server
