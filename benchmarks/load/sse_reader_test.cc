#include "benchmarks/load/sse_reader.h"

#include <gtest/gtest.h>

#include <vector>

namespace mimus::load {
namespace {

std::vector<std::string> read_in_pieces(std::string_view text, std::size_t piece) {
  SseReader reader;
  std::vector<std::string> events;
  std::string data;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    reader.append(text.substr(0, piece));
    while (reader.next(data)) events.push_back(data);
  }
  return events;
}

struct Case {
  const char* name;
  std::string_view text;
  std::vector<std::string> events;
};

class SseReading : public testing::TestWithParam<Case> {};

TEST_P(SseReading, GivesTheSameEventsHoweverTheBytesAreCut) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
    EXPECT_EQ(read_in_pieces(GetParam().text, piece), GetParam().events) << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Streams, SseReading,
    testing::Values(
        Case{"lf", "data: a\n\ndata: b\n\n", {"a", "b"}}, Case{"crlf", "data: a\r\n\r\ndata: b\r\n\r\n", {"a", "b"}},
        Case{"cr", "data: a\r\rdata: b\r\r", {"a", "b"}}, Case{"no_space", "data:a\n\n", {"a"}},
        Case{"one_space_only", "data:  a\n\n", {" a"}}, Case{"several_lines", "data: a\ndata: b\n\n", {"a\nb"}},
        Case{"bare_field", "data\n\n", {""}}, Case{"comment", ": hello\n\ndata: a\n\n", {"a"}},
        Case{"other_fields", "event: x\nid: 1\ndatabase: 2\ndata: a\nretry: 3\n\n", {"a"}},
        Case{"unfinished", "data: a\n\ndata: b\n", {"a"}}, Case{"blank_lines", "\n\n\ndata: a\n\n\n\n", {"a"}}),
    [](const auto& row) { return row.param.name; });

TEST(SseReader, KnowsWhetherAnEventWasCutOff) {
  SseReader reader;
  std::string data;
  reader.append("data: a\n\n");
  EXPECT_TRUE(reader.next(data));
  EXPECT_FALSE(reader.next(data));
  EXPECT_FALSE(reader.is_inside_event());
  reader.append("data: b");
  EXPECT_FALSE(reader.next(data));
  EXPECT_TRUE(reader.is_inside_event());
}

}  // namespace
}  // namespace mimus::load
