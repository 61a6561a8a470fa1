#include "benchmarks/load/load_run.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "api/json.h"
#include "benchmarks/load/descriptor.h"
#include "benchmarks/load/load_report.h"

namespace mimus::load {
namespace {

sockaddr_in any_port_here() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A port that is ours from the beginning to the end; nobody answers there.
class Port {
 public:
  Port() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = any_port_here();
    socklen_t size = sizeof address;
    bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size);
    getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    number_ = ntohs(address.sin_port);
  }
  void listen(int connections) const { ::listen(socket_.get(), connections); }
  [[nodiscard]] int socket_fd() const { return socket_.get(); }
  [[nodiscard]] std::uint16_t number() const { return number_; }

 private:
  Descriptor socket_;
  std::uint16_t number_ = 0;
};

// Takes as many connections as there are replies. Once it has a request from each it gives each its reply, and hangs
// up.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::string> replies) : replies_(std::move(replies)) {
    port_.listen(static_cast<int>(replies_.size()));
    thread_ = std::thread([this] { answer(); });
  }
  ScriptedServer(int connections, const std::string& reply)
      : ScriptedServer(std::vector<std::string>(static_cast<std::size_t>(connections), reply)) {}
  ~ScriptedServer() {
    shutdown(port_.socket_fd(), SHUT_RDWR);  // ends an accept() that waits for connections that nobody made
    thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const { return port_.number(); }

 private:
  void answer() const {
    std::vector<Descriptor> clients;
    for (std::size_t i = 0; i < replies_.size(); ++i) {
      clients.emplace_back(accept(port_.socket_fd(), nullptr, nullptr));
      char request[4096];
      ASSERT_GT(recv(clients.back().get(), request, sizeof request, 0), 0);
    }
    for (std::size_t i = 0; i < replies_.size(); ++i) {
      const std::string& reply = replies_[i];
      EXPECT_EQ(send(clients[i].get(), reply.data(), reply.size(), MSG_NOSIGNAL), static_cast<ssize_t>(reply.size()));
    }
  }

  const std::vector<std::string> replies_;
  Port port_;
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

int count_of(const LoadResult& result, StreamFailure how) {
  return result.ends[static_cast<int>(how)];
}

class LoadRunWith : public testing::TestWithParam<int> {
 public:
  static LoadPlan plan_for(std::uint16_t port, int streams) {
    LoadPlan plan = load::plan_for(port, streams);
    plan.threads = GetParam();
    return plan;
  }
};

// 20 streams are not divisible by 3; 64 threads are more than there are streams.
INSTANTIATE_TEST_SUITE_P(Threads, LoadRunWith, testing::Values(1, 2, 3, 20, 64), testing::PrintToStringParamName());

TEST_P(LoadRunWith, CountsEveryTokenOfEveryStreamOnce) {
  const ScriptedServer server(20, kHead + kToken + kToken + kUsage + kDone);
  const auto result = run_load(plan_for(server.port(), 20));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->is_whole());
  EXPECT_EQ(result->tokens, 40);
  EXPECT_EQ(result->lateness.from_request.count(), 40);
  EXPECT_EQ(result->lateness.from_first.count(), 20);
  EXPECT_EQ(result->lateness.first_token.count(), 20);
  EXPECT_EQ(result->start_lag.count(), 20);
  EXPECT_EQ(result->threads, std::min(GetParam(), 20));
}

TEST_P(LoadRunWith, KnowsHowManyStreamsWereOpenAtMost) {
  const ScriptedServer server(20, kHead + kToken + kToken + kUsage + kDone);  // ends none before all are there
  const auto result = run_load(plan_for(server.port(), 20));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->most_open, 20);
}

TEST_P(LoadRunWith, NoticesALostToken) {
  const ScriptedServer server(3, kHead + kToken + kUsage + kDone);
  const auto result = run_load(plan_for(server.port(), 3));
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->is_whole());
  EXPECT_EQ(result->tokens_due, 6);
  EXPECT_EQ(count_of(*result, StreamFailure::WrongCount), 3);
  EXPECT_THAT(text_report(*result), testing::HasSubstr("3 of 6 (50.00 %)"));
  EXPECT_THAT(text_report(*result), testing::HasSubstr("3 wrong-count"));
}

TEST_P(LoadRunWith, ExpectsOfEveryStreamWhatTheLongestHad) {
  std::vector<std::string> replies(
      5, kHead + kToken + "data: {\"choices\":[],\"usage\":{\"completion_tokens\":1}}\n\n" + kDone);
  replies[3] = kHead + kToken + kToken + kUsage + kDone;
  const ScriptedServer server(replies);
  const auto result = run_load(plan_for(server.port(), 5));
  ASSERT_TRUE(result);
  EXPECT_EQ(count_of(*result, StreamFailure::None), 5);
  EXPECT_EQ(result->tokens, 6);
  EXPECT_EQ(result->tokens_due, 10);
}

TEST_P(LoadRunWith, ReportsAServerThatRefuses) {
  const ScriptedServer server(5, "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}");
  const auto result = run_load(plan_for(server.port(), 5));
  ASSERT_TRUE(result);
  EXPECT_EQ(count_of(*result, StreamFailure::Status), 5);
}

TEST_P(LoadRunWith, ReportsAPortWhereNobodyListens) {
  const Port port;
  const auto result = run_load(plan_for(port.number(), 5));
  ASSERT_TRUE(result);
  EXPECT_EQ(count_of(*result, StreamFailure::Connect), 5);
  EXPECT_FALSE(result->is_whole());
}

TEST_P(LoadRunWith, EndsByItsTimeoutWhereNobodyAnswers) {
  const Port port;
  port.listen(5);
  LoadPlan plan = plan_for(port.number(), 5);
  plan.timeout = std::chrono::milliseconds(20);
  const auto result = run_load(plan);
  ASSERT_TRUE(result);
  EXPECT_EQ(count_of(*result, StreamFailure::Timeout), 5);
  EXPECT_EQ(result->most_open, 5);
  EXPECT_GE(result->took, plan.timeout);
}

TEST_P(LoadRunWith, CountsStreamsThatWereNeverStartedAsTooLate) {
  const Port port;
  port.listen(5);
  LoadPlan plan = plan_for(port.number(), 5);
  plan.timeout = std::chrono::milliseconds(20);
  plan.ramp = std::chrono::hours(1);
  const auto result = run_load(plan);
  ASSERT_TRUE(result);
  EXPECT_EQ(count_of(*result, StreamFailure::Timeout), 5);
  EXPECT_EQ(result->most_open, 1);
  EXPECT_EQ(result->start_lag.count(), 1);
}

TEST_P(LoadRunWith, SpreadsTheStartsOverTheWholeRamp) {
  const ScriptedServer server(5, kHead + kToken + kToken + kUsage + kDone);
  LoadPlan plan = plan_for(server.port(), 5);
  plan.ramp = std::chrono::milliseconds(50);
  const auto result = run_load(plan);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->is_whole());
  EXPECT_GE(result->took, std::chrono::milliseconds(40));  // when the last of the five begins
}

TEST(LoadRun, RefusesANumberOfThreadsThatItCannotHave) {
  for (const int threads : {-1, 0, 65}) {
    LoadPlan plan = plan_for(1, 1);
    plan.threads = threads;
    const auto result = run_load(plan);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().text(), "threads: expected 1 to 64, found " + std::to_string(threads));
  }
}

TEST(LoadRun, RefusesAnAddressThatItCannotUse) {
  LoadPlan plan = plan_for(1, 1);
  plan.address = "localhost";
  const auto result = run_load(plan);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text(), "address: expected a numeric IPv4 address, found \"localhost\"");
}

TEST(LoadReport, SaysHowManyThreadsTheClientHad) {
  LoadResult result;
  result.threads = 2;
  EXPECT_THAT(text_report(result), testing::HasSubstr("\nclient       2 threads, CPU "));
  result.threads = 1;
  EXPECT_THAT(text_report(result), testing::HasSubstr("\nclient       1 thread, CPU "));
  const auto json = parse_json(json_report(result));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->root().find("client_threads").int_or(0), 1);
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
