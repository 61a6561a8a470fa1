#include "benchmarks/load/load_run.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "api/json.h"
#include "benchmarks/load/load_report.h"

namespace mimus::load {
namespace {

// Answers a number of connections, one after the other, each with the same bytes, and hangs up.
class ScriptedServer {
 public:
  ScriptedServer(int connections, std::string reply) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
    listen(socket_, connections);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, connections, text = std::move(reply)] {
      for (int i = 0; i < connections; ++i) answer(text);
    });
  }
  ~ScriptedServer() {
    thread_.join();
    close(socket_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void answer(const std::string& reply) const {
    const int client = accept(socket_, nullptr, nullptr);
    char request[4096];
    EXPECT_GT(recv(client, request, sizeof request, 0), 0);
    EXPECT_EQ(send(client, reply.data(), reply.size(), MSG_NOSIGNAL), static_cast<ssize_t>(reply.size()));
    close(client);
  }

  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
const std::string kToken = "data: {\"choices\":[{\"delta\":{\"content\":\" hi\"}}]}\n\n";
const std::string kUsage = "data: {\"choices\":[],\"usage\":{\"completion_tokens\":2}}\n\n";
const std::string kDone = "data: [DONE]\n\n";

LoadPlan plan_for(std::uint16_t port, int streams) {
  LoadPlan plan;
  plan.port = port;
  plan.streams = streams;
  plan.body = chat_body("m", "p", 2);
  plan.timeout = std::chrono::seconds(20);
  plan.server = getpid();
  return plan;
}

TEST(LoadRun, CountsEveryTokenOfEveryStream) {
  const ScriptedServer server(20, kHead + kToken + kToken + kUsage + kDone);
  const auto result = run_load(plan_for(server.port(), 20));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->is_whole());
  EXPECT_EQ(result->tokens, 40);
  EXPECT_EQ(result->lateness.from_request.count(), 40);
  EXPECT_EQ(result->start_lag.count(), 20);
}

TEST(LoadRun, NoticesALostToken) {
  const ScriptedServer server(3, kHead + kToken + kUsage + kDone);
  const auto result = run_load(plan_for(server.port(), 3));
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->is_whole());
  EXPECT_EQ(result->tokens_due, 6);
  EXPECT_EQ(result->ends[static_cast<int>(StreamFailure::WrongCount)], 3);
  EXPECT_THAT(text_report(*result), testing::HasSubstr("3 of 6 (50.00 %)"));
  EXPECT_THAT(text_report(*result), testing::HasSubstr("3 wrong-count"));
}

TEST(LoadRun, ReportsAPortWhereNobodyListens) {
  const int unused =
      socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);  // bound, so that nobody else gets it; not listening
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(unused, reinterpret_cast<sockaddr*>(&address), size), 0);
  getsockname(unused, reinterpret_cast<sockaddr*>(&address), &size);
  const auto result = run_load(plan_for(ntohs(address.sin_port), 2));
  close(unused);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->ends[static_cast<int>(StreamFailure::Connect)], 2);
  EXPECT_FALSE(result->is_whole());
}

TEST(LoadRun, RefusesAnAddressThatItCannotUse) {
  LoadPlan plan = plan_for(1, 1);
  plan.address = "localhost";
  const auto result = run_load(plan);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text(), "address: expected a numeric IPv4 address, found \"localhost\"");
}

TEST(LoadReport, IsJsonWithEveryKindOfFailure) {
  LoadResult result;
  result.streams = 1;
  result.ends[static_cast<int>(StreamFailure::CutOff)] = 1;
  const auto json = parse_json(json_report(result));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->root().find_pointer("/failures/cut-off").int_or(0), 1);
  EXPECT_EQ(json->root().find("failures").size(), static_cast<std::size_t>(kStreamFailures - 1));
}

}  // namespace
}  // namespace mimus::load
