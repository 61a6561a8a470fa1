#include "server/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <sstream>
#include <thread>

#include "api/json.h"

namespace mimus::server {
namespace {

// What `write` makes a log write.
template <class Write>
std::string logged(LogLevel level, LogFormat format, Write write) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  {
    Log log(level, format, ends[1]);
    write(log);
  }
  close(ends[1]);
  std::string text(4096, '\0');
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read(ends[0], text.data(), text.size()))));
  close(ends[0]);
  return text;
}

void write_access(Log& log) {
  log.access({"GET", "/v1/\nforged \xff", 200, 12, std::chrono::microseconds(1500), "req_1", true});
}

TEST(Log, WritesOneLineARequest) {
  const std::string text = logged(LogLevel::Info, LogFormat::Text, write_access);
  EXPECT_TRUE(text.ends_with("I GET /v1/?forged ? 200 12 B 1.500 ms req_1 client left\n")) << text;
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(Log, WritesJson) {
  const std::string text = logged(LogLevel::Info, LogFormat::Json, write_access);
  const auto line = parse_json(text);
  ASSERT_TRUE(line) << text;
  EXPECT_EQ(line->root().find("path").string_or(""), "/v1/?forged ?");
  EXPECT_EQ(line->root().find("level").string_or(""), "info");
  EXPECT_EQ(line->root().find("ms").double_or(0), 1.5);
}

std::string local_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts)};
}

TEST(Log, TellsTheLocalTimeOfEachLineToTheMillisecond) {
  const std::string before = local_now();
  const std::string text = logged(LogLevel::Info, LogFormat::Text, [](Log& log) {
    log.info("a");
    log.warn("b");
  });
  const std::string json = logged(LogLevel::Info, LogFormat::Json, [](Log& log) { log.warn("c"); });
  const std::string after = local_now();
  ASSERT_EQ(text.size(), 2 * std::string("2026-01-31T23:59:59.123 I a\n").size()) << text;
  EXPECT_EQ(text.substr(23, 5), " I a\n");
  EXPECT_EQ(text.substr(51, 5), " W b\n");
  EXPECT_EQ(json.substr(0, 9), R"({"time":")");
  EXPECT_EQ(json.substr(32), "\",\"level\":\"warning\",\"message\":\"c\"}\n");
  for (const std::string& time : {text.substr(0, 23), text.substr(28, 23), json.substr(9, 23)}) {
    EXPECT_GE(time.substr(0, 19), before);
    EXPECT_LE(time.substr(0, 19), after);
    EXPECT_EQ(time[19], '.');
    EXPECT_EQ(time.find_first_not_of("0123456789", 20), std::string::npos) << time;
  }
}

TEST(Log, TellsHowLongARequestTook) {
  for (const auto& [us, ms] :
       {std::pair(0, " 0.000 ms "), std::pair(7, " 0.007 ms "), std::pair(12'345, " 12.345 ms ")}) {
    const std::string text = logged(LogLevel::Info, LogFormat::Text, [us = us](Log& log) {
      log.access({"GET", "/", 200, 12, std::chrono::microseconds(us), "req_1", false});
    });
    EXPECT_NE(text.find(ms), std::string::npos) << text;
  }
}

void write_lines(Log& log) {
  log.warn("no fixture matches\n  found \"\r\n2026-01-01T00:00:00.000 I forged\x1b[31m\"\n");
}

TEST(Log, GoesOnBehindAMarkWhereATextHasSeveralLines) {
  const std::string text = logged(LogLevel::Info, LogFormat::Text, write_lines);
  EXPECT_TRUE(
      text.ends_with(" W no fixture matches\n"
                     "  |   found \"?\n"
                     "  | 2026-01-01T00:00:00.000 I forged?[31m\"\n"))
      << text;
}

TEST(Log, KeepsALineOfJsonOneLine) {
  const std::string text = logged(LogLevel::Info, LogFormat::Json, write_lines);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto line = parse_json(text);
  ASSERT_TRUE(line) << text;
  EXPECT_EQ(line->root().find("message").string_or(""),
            "no fixture matches\n  found \"\r\n2026-01-01T00:00:00.000 I forged\x1b[31m\"\n");
}

// Nobody reads until all is said: more than the log holds, twice, for it may be writing as much. No line may be
// anything but JSON.
TEST(Log, TellsInItsFormatHowManyLinesItLost) {
  constexpr std::size_t kLines = 15'000;
  const std::string long_line(1000, 'x');
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  std::string text;
  std::thread reader;
  {
    Log log(LogLevel::Info, LogFormat::Json, ends[1]);
    for (std::size_t i = 0; i < kLines; ++i) log.info(long_line);
    reader = std::thread([&] {
      std::array<char, 65536> bytes{};
      for (ssize_t n = 0; (n = read(ends[0], bytes.data(), bytes.size())) > 0;) {
        text.append(bytes.data(), static_cast<std::size_t>(n));
      }
    });
  }
  close(ends[1]);
  reader.join();
  close(ends[0]);
  std::size_t written = 0;
  std::size_t lost = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto json = parse_json(line);
    ASSERT_TRUE(json) << line.substr(0, 200);
    const std::string message(json->root().find("message").string_or(""));
    message == long_line ? ++written : lost += std::stoul(message);
  }
  EXPECT_GT(lost, 0U);
  EXPECT_EQ(written + lost, kLines);
}

TEST(Log, KeepsToItsLevel) {
  EXPECT_EQ(logged(LogLevel::Warn, LogFormat::Text, write_access), "");
  EXPECT_NE(logged(LogLevel::Warn, LogFormat::Text, [](Log& log) { log.warn("careful"); }), "");
}

}  // namespace
}  // namespace mimus::server
