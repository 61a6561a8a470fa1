#include "server/journal/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "server/journal/make_entry.h"
#include "server/journal/tail.h"

namespace mimus::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::shared_ptr<Entry> entry_of(std::string_view body, std::string_view test = "", std::size_t cap = 1000) {
  HttpRequest http;
  http.method = "POST";
  http.target = http.path = "/v1/x";
  http.body = body;
  if (!test.empty()) http.headers = {{"x-mimus-test", test}};
  return make_entry(http, {Notes{}, "req_1", 200, WallTime()}, cap);
}

std::vector<std::uint64_t> ids_of(const Journal& journal) {
  std::vector<std::uint64_t> ids;
  for (const Record& record : journal.records()) ids.push_back(record.entry->id);
  return ids;
}

TEST(Journal, DropsTheOldestBeyondItsEntries) {
  Journal journal({.entries = 3});
  for (int i = 0; i < 5; ++i) journal.open(entry_of("x"));
  EXPECT_THAT(ids_of(journal), ElementsAre(3, 4, 5));
  EXPECT_EQ(journal.size().evicted, 2U);
  EXPECT_EQ(journal.size().last_evicted, 2U);
  EXPECT_EQ(journal.size().open, 3U);
  EXPECT_FALSE(journal.find(2));
  EXPECT_EQ(journal.find(4)->entry->id, 4U);
}

TEST(Journal, StaysWithinItsBytesHoweverLongItRuns) {
  Journal journal({.entries = 1'000'000, .bytes = 100'000, .body = 2000});
  const std::string body(1500, 'b');
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t id =
        journal.open(entry_of(std::string_view(body).substr(0, static_cast<std::size_t>(i % 1500))));
    journal.close(id, {Ended::Whole, 1, {}, {}});
    ASSERT_LE(journal.size().bytes, 100'000U);
  }
  std::size_t held = 0;
  for (const Record& record : journal.records()) held += record.entry->bytes();
  EXPECT_EQ(journal.size().bytes, held);
  EXPECT_EQ(journal.size().entries, journal.records().size());
  EXPECT_EQ(journal.size().entries + journal.size().evicted, 20'000U);
  EXPECT_EQ(journal.size().open, 0U);
}

TEST(Journal, TakesNoEntryThatIsLargerThanItself) {
  Journal journal({.entries = 10, .bytes = 2000, .body = 100'000});
  EXPECT_EQ(journal.open(entry_of("small")), 1U);
  EXPECT_EQ(journal.open(entry_of(std::string(50'000, 'x'), "", 100'000)), 0U);
  EXPECT_THAT(ids_of(journal), ElementsAre(1));
  EXPECT_EQ(journal.size().last_evicted, 2U);
}

TEST(Journal, KeepsNothingWhenItIsOff) {
  Journal journal({.entries = 0});
  EXPECT_EQ(journal.open(entry_of("x")), 0U);
  EXPECT_TRUE(journal.records().empty());
}

TEST(Journal, TellsHowAReplyEnded) {
  Journal journal({.entries = 2});
  journal.open(entry_of("x"));
  const std::uint64_t second = journal.open(entry_of("x"));
  journal.close(second, {Ended::Cut, 77, Duration(5), Duration(9)});
  journal.close(second, {Ended::Whole, 1, {}, {}});  // only the first word counts
  EXPECT_EQ(journal.find(1)->fate.ended, Ended::Open);
  EXPECT_EQ(journal.find(2)->fate.ended, Ended::Cut);
  EXPECT_EQ(journal.find(2)->fate.bytes, 77U);
  journal.open(entry_of("x"));
  journal.close(1, {Ended::Whole, 1, {}, {}});  // gone by now
  EXPECT_EQ(journal.size().open, 1U);
}

TEST(Journal, ForgetsOneTestAndFindsTheRest) {
  Journal journal({});
  for (int i = 0; i < 9; ++i) journal.open(entry_of("x", i % 3 == 0 ? "a" : "b"));
  journal.forget([](const Entry& entry) { return entry.test == "a"; });
  EXPECT_THAT(ids_of(journal), ElementsAre(2, 3, 5, 6, 8, 9));
  for (const std::uint64_t id : {2, 3, 5, 6, 8, 9}) EXPECT_EQ(journal.find(id)->entry->id, id);
  EXPECT_FALSE(journal.find(4));
  EXPECT_EQ(journal.size().entries, 6U);
  EXPECT_EQ(journal.size().open, 6U);
  journal.forget();
  EXPECT_EQ(journal.size().bytes, 0U);
  EXPECT_EQ(journal.open(entry_of("x")), 10U);  // ids are never used twice
}

TEST(MakeEntry, RedactsAndCuts) {
  HttpRequest http;
  http.method = "POST";
  http.target = "/v1beta/models/g?key=AIzaSecret&alt=sse";
  http.path = "/v1beta/models/g";
  http.query = "key=AIzaSecret&alt=sse";
  http.headers = {{"Authorization", "Bearer sk-secret"}, {"Accept", "*/*"}, {"x-mimus-test", "t1"}, {"empty", ""}};
  http.body = "0123456789";
  Notes notes;
  notes.model = "gpt-4o";
  notes.operation = "chat.completions";
  notes.key_hash = hash_of_key("sk-secret");
  const auto entry = make_entry(http, {notes, "req_7", 429, WallTime(Duration(3))}, 4);
  EXPECT_EQ(entry->text.find("ecret"), std::string::npos) << entry->text;
  EXPECT_EQ(entry->method, "POST");
  EXPECT_EQ(entry->path, "/v1beta/models/g");
  EXPECT_EQ(entry->query, "key=[redacted]&alt=sse");
  EXPECT_EQ(entry->body, "0123");
  EXPECT_EQ(entry->body_bytes, 10U);
  EXPECT_TRUE(entry->is_cut());
  EXPECT_EQ(entry->test, "t1");
  EXPECT_EQ(entry->request_id, "req_7");
  EXPECT_EQ(entry->model, "gpt-4o");
  EXPECT_EQ(entry->status, 429);
  const std::vector<HeaderView> headers = headers_of(*entry);
  ASSERT_EQ(headers.size(), 4U);
  EXPECT_EQ(headers[0].name, "Authorization");
  EXPECT_EQ(headers[0].value, "[redacted]");
  EXPECT_EQ(headers[2].value, "t1");
  EXPECT_EQ(headers[3].value, "");
}

TEST(Fate, IsWhatBecameOfTheDelivery) {
  struct Row {
    DeliveryOutcome outcome;
    Ended expected;
  };
  const Row rows[] = {
      {{.ending = Ending::Clean}, Ended::Whole},  {{.ending = Ending::Close}, Ended::Whole},
      {{.ending = Ending::Cut}, Ended::Cut},      {{.ending = Ending::HalfClose}, Ended::Cut},
      {{.ending = Ending::Reset}, Ended::Reset},  {{.client_left = true, .ending = Ending::Hang}, Ended::Hung},
      {{.client_left = true}, Ended::ClientLeft}, {{}, Ended::Stopped},
  };
  for (const Row& row : rows) EXPECT_EQ(fate_of(row.outcome).ended, row.expected);
}

std::string drain(JournalTail& tail, FrameSource::Pull& last) {
  std::string text;
  Frame frame;
  while ((last = tail.next(frame)) == FrameSource::Pull::Ready) {
    text += frame.bytes;
    frame = {};
  }
  return text;
}

TEST(JournalTail, TellsOfEachReplyThatEndsFromNowOn) {
  Journal journal({});
  const std::uint64_t before = journal.open(entry_of("x"));
  journal.close(before, {Ended::Whole, 1, {}, {}});
  JournalFilter filter;
  EXPECT_FALSE(filter.add(filter_rows()[5], "a"));  // test
  JournalTail tail(journal, std::move(filter));
  int wakes = 0;
  tail.on_ready([&wakes] { ++wakes; });
  FrameSource::Pull last{};
  EXPECT_EQ(drain(tail, last), "");
  EXPECT_EQ(last, FrameSource::Pull::Wait);
  for (const char* test : {"a", "b"}) journal.close(journal.open(entry_of("y", test)), {Ended::Whole, 1, {}, {}});
  EXPECT_EQ(wakes, 2);
  const std::string text = drain(tail, last);
  EXPECT_THAT(text, testing::StartsWith("id: 2\nevent: entry\ndata: {\"id\":2,"));
  EXPECT_EQ(text.find("id: 3"), std::string::npos);
  EXPECT_EQ(last, FrameSource::Pull::Wait);
  journal.end_listening();
  EXPECT_EQ(wakes, 3);
  drain(tail, last);
  EXPECT_EQ(last, FrameSource::Pull::End);
  JournalTail late(journal, {});
  drain(late, last);
  EXPECT_EQ(last, FrameSource::Pull::End);
}

TEST(JournalTail, SaysHowManyItLostOfThoseItDidNotRead) {
  Journal journal({.entries = 10});
  JournalTail tail(journal, {});
  for (std::size_t i = 0; i < Journal::kMostWaiting + 5; ++i) {
    journal.close(journal.open(entry_of("y")), {Ended::Whole, 1, {}, {}});
  }
  FrameSource::Pull last{};
  EXPECT_THAT(drain(tail, last), HasSubstr("event: lost\ndata: {\"lost\":5}\n\n"));
  EXPECT_EQ(drain(tail, last), "");
}

TEST(Journal, IsReadWhileItIsWritten) {
  Journal journal({.entries = 50});
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&journal] {
      for (int i = 0; i < 500; ++i) {
        const std::uint64_t id = journal.open(entry_of("body", "t"));
        journal.close(id, {Ended::Whole, 1, {}, {}});
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    JournalTail tail(journal, {});
    tail.on_ready([] {});
    for (const Record& record : journal.records()) EXPECT_EQ(record.entry->body, "body");
    FrameSource::Pull last{};
    drain(tail, last);
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(journal.size().last_id, 2000U);
  EXPECT_EQ(journal.size().entries, 50U);
}

}  // namespace
}  // namespace mimus::server
