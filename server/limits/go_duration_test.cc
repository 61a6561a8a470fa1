#include "server/limits/go_duration.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

struct Row {
  std::int64_t microseconds;
  const char* text;
};

TEST(GoDuration, ReadsLikeTheHeadersOfTheRealApi) {
  const Row rows[] = {
      {6'000, "6ms"},
      {20'000, "20ms"},
      {120'000, "120ms"},
      {174'000, "174ms"},
      {1'000'000, "1s"},
      {1'200'000, "1.2s"},
      {50'529'000, "50.529s"},
      {60'000'000, "1m0s"},
      {360'000'000, "6m0s"},
      {1'396'298'000, "23m16.298s"},
      {3'600'000'000, "1h0m0s"},
      {86'400'000'000, "24h0m0s"},
      {3'723'040'000, "1h2m3.04s"},
      {0, "0s"},
      {-5, "0s"},
      {499, "0s"},  // rounded to milliseconds
      {500, "1ms"},
      {999'499, "999ms"},
      {999'500, "1s"},
      {59'999'500, "1m0s"},
  };
  for (const Row& row : rows) EXPECT_EQ(go_duration(Duration(row.microseconds)), row.text) << row.microseconds;
}

}  // namespace
}  // namespace mimus::server
