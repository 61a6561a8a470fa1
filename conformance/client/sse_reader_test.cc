#include "conformance/client/sse_reader.h"

#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

struct Sample {
  const char* name;
  std::string bytes;
  std::vector<std::string> data;  // of the blocks, "-" for a block without data
  bool last_ended = true;
};

std::vector<Sample> samples() {
  return {
      {"LineFeeds", "data: a\n\ndata: b\n\n", {"a", "b"}},
      {"CarriageReturns", "data: a\r\rdata: b\r\r", {"a", "b"}},
      {"Both", "data: a\r\n\r\ndata: b\r\n\r\n", {"a", "b"}},
      {"Mixed", "data: a\n\r\ndata: b\r\n\n", {"a", "b"}},
      {"NoSpace", "data:a\n\n", {"a"}},
      {"OneSpaceOnly", "data:  a\n\n", {" a"}},
      {"ManyLines", "data: a\ndata: b\n\n", {"a\nb"}},
      {"Comments", ": hello\n\ndata: a\n: in between\n\n", {"-", "a"}},
      {"EventOnly", "event: ping\n\ndata: a\n\n", {"-", "a"}},
      {"EmptyData", "data\n\n", {""}},
      {"Bom",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       {"a"}},
      {"NotEnded", "data: a\n\ndata: b\n", {"a", "b"}, false},
      {"CutInALine", "data: a\n\ndata: b", {"a", "b"}, false},
      {"Utf8", "data: \xC3\xA9\xF0\x9F\x98\x80\xE2\x80\xA8\n\n", {"\xC3\xA9\xF0\x9F\x98\x80\xE2\x80\xA8"}},
      {"BlankLinesBetween", "data: a\n\n\n\ndata: b\n\n", {"a", "b"}},
      {"Nothing", "", {}},
  };
}

std::vector<std::string> data_of(const SseReader& reader) {
  std::vector<std::string> data;
  for (const SseBlock& block : reader.blocks()) data.push_back(block.has_data ? block.data : "-");
  return data;
}

class SseReaderSample : public testing::TestWithParam<Sample> {};

TEST_P(SseReaderSample, ReadsTheSameHoweverItIsSplit) {
  const Sample& sample = GetParam();
  const std::string_view bytes = sample.bytes;
  SseReader whole;
  whole.feed(bytes);
  whole.close();
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    SseReader reader;
    reader.feed(bytes.substr(0, cut));
    reader.feed(bytes.substr(cut));
    reader.close();
    EXPECT_EQ(data_of(reader), sample.data) << "cut at " << cut;
    ASSERT_EQ(reader.blocks().size(), whole.blocks().size());
    for (std::size_t i = 0; i < whole.blocks().size(); ++i) {
      EXPECT_EQ(reader.blocks()[i].begin, whole.blocks()[i].begin) << "cut at " << cut;
      EXPECT_EQ(reader.blocks()[i].end, whole.blocks()[i].end) << "cut at " << cut;
    }
    if (!sample.data.empty()) {
      EXPECT_EQ(reader.blocks().back().ended, sample.last_ended);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Table, SseReaderSample, testing::ValuesIn(samples()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(SseReader, KeepsWhatAParserThrowsAway) {
  SseReader reader;
  reader.feed("\xEF\xBB\xBFid: 1\nretry: 5\nerror: no\n:c\nevent: e\n\n");
  reader.close();
  ASSERT_EQ(reader.blocks().size(), 1U);
  const SseBlock& block = reader.blocks().front();
  EXPECT_TRUE(reader.has_bom());
  EXPECT_TRUE(block.has_id && block.has_retry && block.has_comment && block.has_event);
  EXPECT_EQ(block.event, "e");
  EXPECT_EQ(block.unknown_fields, std::vector<std::string>{"error"});
}

TEST(SseReader, TellsWhereEachBlockStood) {
  SseReader reader;
  const std::string_view bytes = "data: a\r\n\r\n\ndata: b\n\n";
  reader.feed(bytes);
  ASSERT_EQ(reader.blocks().size(), 2U);
  EXPECT_EQ(bytes.substr(reader.blocks()[0].begin, reader.blocks()[0].end - reader.blocks()[0].begin),
            "data: a\r\n\r\n");
  EXPECT_EQ(bytes.substr(reader.blocks()[1].begin, reader.blocks()[1].end - reader.blocks()[1].begin), "data: b\n\n");
}

}  // namespace
}  // namespace mimus::conformance
