// Relaying over real sockets: a transport that plays the real API, an App that records it, and clients of all kinds.
#include "server/record/relay.h"

#include <filesystem>
#include <thread>

#include "api/json.h"
#include "api/read_file.h"
#include "server/app.h"
#include "server/transport/test_server.h"

namespace mimus::server {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int kClients = 24;

std::string post(const std::string& body) {
  return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-test-0123456789\r\n"
         "Content-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string question(int number) {
  return R"({"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":")" + std::to_string(number) + "\"}]}";
}

class Relaying : public Transport {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "mimus-relay-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override {
    front_.reset();
    app_.reset();
    real_.reset();
    fs::remove_all(folder_);
  }

  void start(Handler real) {
    real_ = serve(options(), std::move(real));
    AppOptions app;
    app.record.file = folder_ / "record.json";
    app.record.upstream = "http://127.0.0.1:" + std::to_string(real_->port());
    auto made = App::create(app, log_);
    ASSERT_TRUE(made) << made.error().text();
    app_ = std::move(*made);
    front_ = serve(options(), [this](const HttpRequest& http, const Respond& respond) { app_->handle(http, respond); });
  }

  [[nodiscard]] std::size_t recorded() const {
    const auto text = read_file(folder_ / "record.json", 100'000'000);
    EXPECT_TRUE(text);
    const auto document = parse_json(*text);
    EXPECT_TRUE(document);
    return document->root().find("fixtures").size();
  }

  fs::path folder_;
  Log log_{LogLevel::Off, LogFormat::Text, STDERR_FILENO};
  std::unique_ptr<HttpServer> real_;
  std::unique_ptr<App> app_;
  std::unique_ptr<HttpServer> front_;
};

TEST_P(Relaying, ManyStreamsAtATime) {
  start([](const HttpRequest& http, const Respond& respond) {
    std::vector<Frame> frames;
    for (int i = 0; i < 10; ++i) frames.push_back({std::string(http.body) + std::to_string(i), i * 1ms});
    respond(stream_reply(std::move(frames)));
  });
  std::vector<std::thread> clients;
  std::vector<std::string> heard(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      RawClient client(front_->port());
      client.send(post(question(i)));
      heard[static_cast<std::size_t>(i)] = client.read_reply();
    });
  }
  for (std::thread& client : clients) client.join();
  for (int i = 0; i < kClients; ++i) {
    const std::string& reply = heard[static_cast<std::size_t>(i)];
    EXPECT_TRUE(reply.ends_with(question(i) + "9\r\n0\r\n\r\n")) << reply;
  }
  EXPECT_EQ(recorded(), static_cast<std::size_t>(kClients));
}

// A client that does not read makes the real API wait, and none of it is lost.
TEST_P(Relaying, ASlowClientHoldsTheRealApiBack) {
  const std::string piece(50'000, 'x');
  start([&](const HttpRequest&, const Respond& respond) {
    respond(stream_reply(std::vector<Frame>(200, Frame{piece, 0ms})));
  });
  RawClient client(front_->port(), 4096);
  client.send(post(question(1)));
  const std::string reply = client.read_reply();
  EXPECT_GT(reply.size(), 200 * piece.size());
  EXPECT_TRUE(reply.ends_with("x\r\n0\r\n\r\n"));
}

TEST_P(Relaying, AClientThatLeavesEndsTheExchange) {
  Happened<DeliveryOutcome> over;
  const auto feed = std::make_shared<FedSource::Feed>();
  start([&](const HttpRequest&, const Respond& respond) {
    Delivery delivery = stream_reply({});
    delivery.frames = std::make_unique<FedSource>(feed);
    delivery.on_over = [&](const DeliveryOutcome& outcome) { over.push(outcome); };
    respond(std::move(delivery));
  });
  feed->give("one");
  RawClient client(front_->port());
  client.send(post(question(1)));
  EXPECT_TRUE(client.read_to("one").ends_with("one"));
  client.close();
  EXPECT_TRUE(over.wait().client_left);
  EXPECT_EQ(recorded(), 0u);
}

// Stopping while exchanges are under way neither waits for the real API nor leaves a thread behind.
TEST_P(Relaying, StopsInTheMiddle) {
  Happened<bool> asked;
  start([&](const HttpRequest& http, const Respond& respond) {
    asked.push(true);
    if (http.body.find("\"2\"") == std::string_view::npos) return;  // never answers
    const auto feed = std::make_shared<FedSource::Feed>();
    feed->give("one");
    Delivery delivery = stream_reply({});
    delivery.frames = std::make_unique<FedSource>(feed);
    respond(std::move(delivery));
  });
  RawClient silent(front_->port()), streaming(front_->port());
  silent.send(post(question(1)));
  streaming.send(post(question(2)));
  asked.wait();
  asked.wait();
  streaming.read_to("one");
  front_->stop(0ms);
  app_.reset();
  EXPECT_EQ(recorded(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Executors, Relaying, testing::Values(Executor::Reactor, Executor::Threads), executor_name);

}  // namespace
}  // namespace mimus::server
