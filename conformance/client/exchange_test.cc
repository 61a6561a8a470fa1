// The client against a server that does one thing with the bytes it gets: sockets on loopback, no sleeping.
#include "conformance/client/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

namespace mimus::conformance {
namespace {

// Takes one connection at a time and hands its descriptor to `serve`, which closes nothing.
class OneShotServer {
 public:
  explicit OneShotServer(std::function<void(int)> serve, int connections = 1) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(listener_, 4);
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, serve = std::move(serve), connections] {
      for (int i = 0; i < connections; ++i) {
        const int fd = accept(listener_, nullptr, nullptr);
        serve(fd);
        close(fd);
      }
    });
  }
  ~OneShotServer() {
    thread_.join();
    close(listener_);
  }

  [[nodiscard]] Target target() const {
    return *read_target("http://127.0.0.1:" + std::to_string(port_) + "/v1", "/v1");
  }

 private:
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

// Reads one request without a body.
void read_head(int fd) {
  std::string head;
  char c = 0;
  while (!head.ends_with("\r\n\r\n") && recv(fd, &c, 1, 0) == 1) head.push_back(c);
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void wait_for_close(int fd) {
  char c = 0;
  while (recv(fd, &c, 1, 0) > 0) {
  }
}

const Request kGet{"GET", "/v1/models", {{"Host", "h"}}, "", false};

Recording ask(const OneShotServer& server, ExchangeLimits limits = {}) {
  return exchange(server.target(), kGet, std::nullopt, limits);
}

TEST(Exchange, LeavesAfterSoManyEvents) {
  bool left = false;
  OneShotServer server([&](int fd) {
    read_head(fd);
    write_all(fd,
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\ndata: 2\n\n");
    wait_for_close(fd);
    left = true;
  });
  ExchangeLimits limits;
  limits.leave_after = 2;
  const Recording recording = ask(server, limits);
  EXPECT_EQ(recording.ending, Ending::Left);
  EXPECT_THAT(recording.raw, testing::EndsWith("data: 2\n\n"));
  EXPECT_LT(recording.took, limits.time);
}

TEST(Exchange, SendsRequestsAtTheSameTime) {
  // Each connection is answered only when the other one is there: one after the other would hang.
  const auto greet = [](int fd) {
    read_head(fd);
    write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  };
  OneShotServer server(
      [&, first = std::make_shared<int>(-1)](int fd) {
        if (*first < 0) {
          *first = dup(fd);
          return;
        }
        greet(fd);
        greet(*first);
        close(*first);
      },
      2);
  const auto recordings = exchange_together(server.target(), {kGet, kGet}, {});
  ASSERT_EQ(recordings.size(), 2U);
  for (const Recording& recording : recordings) EXPECT_THAT(recording.raw, testing::EndsWith("ok"));
}

TEST(Exchange, RecordsARawReplyWithItsTimes) {
  OneShotServer server([](int fd) {
    read_head(fd);
    write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  });
  const Recording recording = ask(server);
  EXPECT_EQ(recording.ending, Ending::Complete) << recording.problem;
  EXPECT_THAT(recording.raw, testing::EndsWith("\r\n\r\nhi"));
  ASSERT_FALSE(recording.arrivals.empty());
  EXPECT_EQ(recording.arrivals.back().offset, recording.raw.size());
}

struct Row {
  const char* name;
  std::function<void(int)> serve;
  Ending ending;
};

class ExchangeEnding : public testing::TestWithParam<Row> {};

TEST_P(ExchangeEnding, IsToldApart) {
  OneShotServer server(GetParam().serve);
  ExchangeLimits limits;
  limits.time = std::chrono::milliseconds(300);
  limits.reply = {4096, 4096};
  const Recording recording = ask(server, limits);
  EXPECT_EQ(recording.ending, GetParam().ending) << recording.problem;
  EXPECT_FALSE(recording.problem.empty());
  EXPECT_LT(recording.raw.size(), 1U << 20);
}

void reset(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void flood(int fd, std::string_view head, std::string_view piece) {
  read_head(fd);
  write_all(fd, head);
  std::string block;
  while (block.size() < 65536) block += piece;
  for (int i = 0; i < 64; ++i) write_all(fd, block);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ExchangeEnding,
    testing::Values(
        Row{"ClosedAtOnce", [](int fd) { read_head(fd); }, Ending::ClosedEarly},
        Row{"ClosedInTheBody",
            [](int fd) {
              read_head(fd);
              write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi");
            },
            Ending::ClosedEarly},
        Row{"Reset",
            [](int fd) {
              read_head(fd);
              write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi");
              reset(fd);
            },
            Ending::Reset},
        Row{"Silence", [](int fd) { wait_for_close(fd); }, Ending::TimedOut},
        Row{"Hanging",
            [](int fd) {
              read_head(fd);
              write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi");
              wait_for_close(fd);
            },
            Ending::TimedOut},
        Row{"NotHttp",
            [](int fd) {
              read_head(fd);
              write_all(fd, std::string("\x00\xFFgarbage\r\n\r\n", 13));
            },
            Ending::NotHttp},
        Row{"EndlessHead", [](int fd) { flood(fd, "HTTP/1.1 200 OK\r\n", "x-again: and again\r\n"); },
            Ending::TooLarge},
        Row{"HugeBody", [](int fd) { flood(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", "x"); },
            Ending::TooLarge},
        Row{"EndlessStream",
            [](int fd) { flood(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nabcde\r\n"); },
            Ending::TooLarge}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Exchange, SendsTwoRequestsOnOneConnection) {
  OneShotServer server([](int fd) {
    read_head(fd);
    write_all(fd, "HTTP/1.1 400 No\r\nContent-Length: 1\r\n\r\na");
    read_head(fd);
    write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
  });
  const Recording recording = exchange(server.target(), kGet, kGet, {});
  EXPECT_TRUE(recording.reused);
  EXPECT_THAT(recording.lead_raw, testing::EndsWith("\r\n\r\na"));
  EXPECT_THAT(recording.raw, testing::EndsWith("\r\n\r\nb"));
}

TEST(Exchange, TakesAFreshConnectionWhenTheFirstReplyClosesIt) {
  OneShotServer server(
      [](int fd) {
        read_head(fd);
        write_all(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na");
      },
      2);
  const Recording recording = exchange(server.target(), kGet, kGet, {});
  EXPECT_FALSE(recording.reused);
  EXPECT_EQ(recording.ending, Ending::Complete);
}

TEST(Exchange, TellsThatNobodyListens) {
  Target target;
  {
    OneShotServer server([](int fd) { read_head(fd); });
    target = server.target();
    ask(server);
  }
  EXPECT_EQ(exchange(target, kGet, std::nullopt, {}).ending, Ending::ConnectFailed);
}

TEST(Exchange, EndsAtOnceWhenInterrupted) {
  int wake[2];
  ASSERT_EQ(pipe(wake), 0);
  {
    OneShotServer server([&](int fd) {
      read_head(fd);
      write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
      EXPECT_EQ(write(wake[1], "x", 1), 1);
      wait_for_close(fd);
    });
    ExchangeLimits limits;
    limits.time = std::chrono::hours(1);
    limits.interrupt = wake[0];
    const Recording recording = exchange(server.target(), kGet, std::nullopt, limits);
    EXPECT_EQ(recording.ending, Ending::TimedOut);
  }  // its thread has ended
  for (const int end : wake) close(end);
}

TEST(Exchange, RefusesATlsTargetThatSpeaksPlainHttp) {
  OneShotServer server([](int fd) {
    char bytes[16];
    (void)recv(fd, bytes, sizeof bytes, 0);
    write_all(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
    wait_for_close(fd);
  });
  Target target = server.target();
  target.tls = true;
  const Recording recording = exchange(target, kGet, std::nullopt, {});
  EXPECT_EQ(recording.ending, Ending::TlsFailed);
  EXPECT_FALSE(recording.problem.empty());
}

TEST(Target, ReadsBaseUrls) {
  struct UrlRow {
    const char* url;
    const char* base;  // origin and path; empty: refused
  };
  for (const UrlRow& row : std::vector<UrlRow>{{"http://h", "http://h/v1"},
                                               {"http://h:80/", "http://h/v1"},
                                               {"https://h:8443/api/v1/", "https://h:8443/api/v1"},
                                               {"http://[::1]:99/v1", "http://[::1]:99/v1"},
                                               {"http://h:port/v1", ""},
                                               {"http://u:p@h/v1", ""},
                                               {"http://h/v1?x=1", ""},
                                               {"h:80", ""},
                                               {"http://", ""}}) {
    const auto target = read_target(row.url, "/v1");
    EXPECT_EQ(target ? target->origin() + target->base_path : "", row.base) << row.url;
  }
}

}  // namespace
}  // namespace mimus::conformance
