// What the transport does when clients or the machine misbehave, and when it is told to misbehave itself.
#include <sys/resource.h>

#include <thread>

#include "server/transport/http_server.h"
#include "server/transport/test_server.h"

namespace mimus::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class TransportTrouble : public Transport {};

Delivery shaped_error(int status, std::string_view reason) {
  Delivery delivery;
  delivery.status = status;
  delivery.headers = {{"Content-Type", "application/json"}};
  delivery.body = "{\"why\":\"" + std::string(reason) + "\"}";
  return delivery;
}

TEST_P(TransportTrouble, RefusesBadRequestsAndStaysHealthy) {
  TransportOptions small = options();
  small.limits = {.max_head_bytes = 1000, .max_body_bytes = 1000};
  small.on_error = shaped_error;
  const auto server = serve(small, echo);
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::vector<std::pair<std::string, int>> rows = {
      {std::string("\x16\x03\x01\x00\xa5", 5), 400},
      {"hello\r\n", 400},
      {"GET / HTTP/1.1\nHost: x\n\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\n", 505},
      {"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(2000, 'a'), 431},
      {"GET /" + std::string(9000, 'a'), 431},
      {post + "Content-Length: 1001\r\n\r\n" + std::string(500000, 'x'), 413},
      {post + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(500000, 'x'), 413},
      {post + "Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc", 400},
      {post +
           "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
       400},
      {post + "Transfer-Encoding : chunked\r\nContent-Length: 3\r\n\r\nabc", 400},
      {post + "Transfer-Encoding:\x0b chunked\r\n\r\n0\r\n\r\n", 400},
      {post + "Transfer-Encoding: identity\r\n\r\n", 501},
      {post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {post + "Expect: the-unexpected\r\n\r\n", 417},
  };
  for (const auto& [bytes, status] : rows) {
    SCOPED_TRACE(bytes.substr(0, 100));
    RawClient client(server->port());
    client.send(bytes);
    client.send_end();
    const RawClient::Rest rest = client.read_rest();
    EXPECT_THAT(rest.bytes, HasSubstr("HTTP/1.1 " + std::to_string(status) + " "));
    EXPECT_THAT(rest.bytes, HasSubstr("{\"why\":\""));
    EXPECT_EQ(rest.bytes.find("200 OK"), std::string::npos) << "more than one reply";
    EXPECT_EQ(rest.end, "FIN");
  }
  EXPECT_EQ(server->counters().refused, rows.size());
  RawClient client(server->port());
  client.send(kGet);
  EXPECT_THAT(client.read_reply(), HasSubstr("200 OK"));
}

TEST_P(TransportTrouble, RefusesABadRequestBehindAGoodOne) {
  const auto server = serve(options(), echo);
  RawClient client(server->port());
  client.send(kGet + "bad\r\n\r\n" + kGet);
  EXPECT_THAT(client.read_reply(), HasSubstr("200 OK"));
  EXPECT_THAT(client.read_reply(), HasSubstr("400 Bad Request"));
  EXPECT_EQ(client.read_rest().bytes, "");
}

TEST_P(TransportTrouble, LosesPatienceWithSlowSenders) {
  TransportOptions impatient = options();
  impatient.head_deadline = 30ms;
  impatient.body_deadline = 30ms;
  const auto server = serve(impatient, echo);
  for (const char* part :
       {"G", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na"}) {
    RawClient client(server->port());
    client.send(part);
    const RawClient::Rest rest = client.read_rest();
    EXPECT_THAT(rest.bytes, HasSubstr("408 Request Timeout")) << part;
    EXPECT_EQ(rest.end, "FIN");
  }
}

TEST_P(TransportTrouble, DoesNotKeepASlowSenderAliveForAByteNowAndThen) {
  TransportOptions impatient = options();
  impatient.head_deadline = 200ms;
  impatient.limits.max_head_bytes = 64 << 20;  // out of reach
  const auto server = serve(impatient, echo);
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nA: ");
  const auto start = std::chrono::steady_clock::now();
  while (client.send("a") && std::chrono::steady_clock::now() - start < 10s && server->counters().refused == 0) {
    std::this_thread::yield();
  }
  EXPECT_EQ(server->counters().refused, 1u);
  EXPECT_THAT(client.read_rest().bytes, HasSubstr("408 Request Timeout"));
}

TEST_P(TransportTrouble, SweepsIdleConnections) {
  TransportOptions impatient = options();
  impatient.idle_deadline = 30ms;
  const auto server = serve(impatient, echo);
  RawClient fresh(server->port()), used(server->port());
  used.send(kGet);
  used.read_reply();
  for (RawClient* client : {&fresh, &used}) {
    const RawClient::Rest rest = client->read_rest();
    EXPECT_EQ(rest.bytes, "");
    EXPECT_EQ(rest.end, "FIN");
  }
}

TEST_P(TransportTrouble, EndsAsTheDeliverySays) {
  struct Row {
    Ending ending;
    const char* tail;
    const char* end;
  };
  const Row rows[] = {
      {Ending::Clean, "2\r\nab\r\n0\r\n\r\n", "FIN"},  // the client asks to close
      {Ending::Close, "2\r\nab\r\n0\r\n\r\n", "FIN"}, {Ending::Cut, "2\r\nab\r\n", "FIN"},
      {Ending::Reset, "2\r\nab\r\n", "RST"},          {Ending::Hang, "2\r\nab\r\n", "FIN"},  // at its deadline
      {Ending::HalfClose, "2\r\nab\r\n", "FIN"},
  };
  TransportOptions impatient = options();
  impatient.hang_deadline = 50ms;
  for (const Row& row : rows) {
    SCOPED_TRACE(static_cast<int>(row.ending));
    Happened<DeliveryOutcome> over;
    const auto server = serve(impatient, [&](const HttpRequest&, const Respond& respond) {
      Delivery delivery = stream_reply({{"ab", 1ms}}, row.ending);
      delivery.on_over = [&](const DeliveryOutcome& o) { over.push(o); };
      respond(std::move(delivery));
    });
    RawClient client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const RawClient::Rest rest = client.read_rest();
    EXPECT_TRUE(rest.bytes.ends_with("\r\n\r\n" + std::string(row.tail))) << rest.bytes;
    EXPECT_EQ(rest.end, row.end);
    const DeliveryOutcome outcome = over.wait();
    EXPECT_EQ(outcome.bytes, rest.bytes.size());
    EXPECT_FALSE(outcome.client_left);
    EXPECT_TRUE(over.is_empty());
  }
}

// Once the client has seen FIN it may go on sending, without a RST that tells it that nobody listens.
TEST_P(TransportTrouble, ListensOnAfterAHalfClose) {
  const auto server = serve(options(), [](const HttpRequest&, const Respond& respond) {
    respond(stream_reply({{"ab", 0ms}}, Ending::HalfClose));
  });
  RawClient client(server->port());
  client.send(kGet);
  EXPECT_EQ(client.read_rest().end, "FIN");
  for (int i = 0; i < 20; ++i) client.send(std::string(10'000, 'x'));
  EXPECT_EQ(client.read_rest().end, "FIN");
  EXPECT_EQ(server->counters().open, 1u);
}

TEST_P(TransportTrouble, SendsARawHeadWhateverItSays) {
  const auto server = serve(options(), [](const HttpRequest&, const Respond& respond) {
    Delivery delivery = text_reply("short");
    delivery.raw_head = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
    delivery.ending = Ending::Close;
    respond(std::move(delivery));
  });
  RawClient client(server->port());
  client.send(kGet);
  EXPECT_EQ(client.read_rest().bytes, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort");
}

TEST_P(TransportTrouble, DropsTheWorkWhenTheClientLeaves) {
  for (const Ending ending : {Ending::Clean, Ending::Hang}) {
    Happened<DeliveryOutcome> over;
    auto feed = std::make_shared<FedSource::Feed>();
    const std::weak_ptr<FedSource::Feed> watched = feed;
    const auto server = serve(options(), [&](const HttpRequest&, const Respond& respond) {
      Delivery delivery;
      delivery.frames = std::make_unique<FedSource>(std::move(feed));
      delivery.ending = ending;
      delivery.on_over = [&](const DeliveryOutcome& o) { over.push(o); };
      respond(std::move(delivery));
    });
    feed->give("a");
    if (ending == Ending::Hang) feed->end();
    RawClient client(server->port());
    client.send(kGet);
    client.read_to("1\r\na\r\n");
    client.close();
    EXPECT_TRUE(over.wait().client_left);
    EXPECT_TRUE(watched.expired());
  }
}

TEST_P(TransportTrouble, DropsTheRequestWhenTheClientLeavesBeforeTheAnswer) {
  Happened<Respond> asked;
  Happened<DeliveryOutcome> over;
  const auto server = serve(options(), [&](const HttpRequest&, Respond respond) { asked.push(std::move(respond)); });
  RawClient client(server->port());
  client.send(kGet);
  const Respond respond = asked.wait();
  client.close();
  while (server->counters().open > 0) std::this_thread::yield();
  Delivery late = text_reply("late");
  late.on_over = [&](const DeliveryOutcome& o) { over.push(o); };
  respond(std::move(late));
  EXPECT_TRUE(over.wait().client_left);
}

class EndlessSource final : public FrameSource {
 public:
  explicit EndlessSource(std::atomic<std::size_t>& made) : made_(made) {}
  Pull next(Frame& frame) override {
    frame.bytes.assign(1024, 'x');
    made_ += frame.bytes.size();
    return Pull::Ready;
  }

 private:
  std::atomic<std::size_t>& made_;
};

TEST_P(TransportTrouble, ProducesNothingForAClientThatDoesNotRead) {
  std::atomic<std::size_t> made{0};
  Happened<DeliveryOutcome> over;
  const auto server = serve(options(), [&](const HttpRequest& request, const Respond& respond) {
    if (request.path == "/") return respond({});
    Delivery delivery;
    delivery.frames = std::make_unique<EndlessSource>(made);
    delivery.on_over = [&](const DeliveryOutcome& o) { over.push(o); };
    respond(std::move(delivery));
  });
  RawClient deaf(server->port(), 8192);
  deaf.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  deaf.read_to("\r\n\r\n");
  RawClient other(server->port());
  for (int i = 0; i < 2000; ++i) {  // each at least one turn of the loop, so 64 KB more if nothing stopped it
    other.send(kGet);
    other.read_reply();
  }
  EXPECT_LT(made, 16u << 20);
  const std::size_t stopped_at = made;
  deaf.read(stopped_at + 1000000);  // and it goes on for one that reads
  EXPECT_GT(made, stopped_at);
  deaf.close();
  EXPECT_TRUE(over.wait().client_left);
}

TEST_P(TransportTrouble, RefusesMoreConnectionsThanAllowed) {
  TransportOptions few = options();
  few.max_connections = 2;
  const auto server = serve(few, echo);
  RawClient one(server->port()), two(server->port());
  for (RawClient* client : {&one, &two}) {
    client->send(kGet);
    client->read_reply();
  }
  RawClient three(server->port());
  EXPECT_THAT(three.read_rest().bytes, HasSubstr("503 Service Unavailable"));
  three.close();
  one.close();
  while (server->counters().open > 1) std::this_thread::yield();
  RawClient four(server->port());
  four.send(kGet);
  EXPECT_THAT(four.read_reply(), HasSubstr("200 OK"));
}

TEST_P(TransportTrouble, NamesThePortThatIsTaken) {
  const auto server = serve(options(), echo);
  TransportOptions same = options();
  same.port = server->port();
  const auto second = HttpServer::start(same, echo);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text(), HasSubstr("127.0.0.1:" + std::to_string(server->port())));
  EXPECT_THAT(second.error().text(), HasSubstr("in use"));
}

TEST_P(TransportTrouble, OutlivesAShortageOfDescriptors) {
  const auto server = serve(options(), echo);
  RawClient served(server->port());
  served.send(kGet);
  served.read_reply();
  RawClient first = RawClient::unconnected(), second = RawClient::unconnected();
  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  rlimit low = old;
  low.rlim_cur = open_descriptors() + 20;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  std::vector<int> taken;
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) taken.push_back(fd);
  ASSERT_FALSE(taken.empty());
  // The kernel keeps one descriptor ready while it accepts, so the second is the one that finds none.
  for (RawClient* client : {&first, &second}) {
    client->connect(server->port());
    ASSERT_TRUE(client->is_connected());
    client->send(kGet);
  }
  for (int i = 0; i < 20; ++i) {
    served.send(kGet);
    EXPECT_THAT(served.read_reply(), HasSubstr("200 OK"));
  }
  EXPECT_LT(server->counters().accepted, 3u);
  for (const int fd : taken) ::close(fd);
  EXPECT_THAT(first.read_reply(),
              HasSubstr(GetParam() == Executor::Reactor ? " 200 " : "HTTP/1.1 "));  // threads need more
  EXPECT_THAT(second.read_reply(), HasSubstr("200 OK"));
  ::setrlimit(RLIMIT_NOFILE, &old);
}

INSTANTIATE_TEST_SUITE_P(Both, TransportTrouble, testing::Values(Executor::Reactor, Executor::Threads), executor_name);

TEST(HttpServer, RefusesOptionsThatContradictEachOther) {
  TransportOptions reactor_with_tls;
  reactor_with_tls.tls_cert = reactor_with_tls.tls_key = "file.pem";
  EXPECT_THAT(HttpServer::start(reactor_with_tls, echo).error().text(), HasSubstr("thread executor"));
  TransportOptions half;
  half.executor = Executor::Threads;
  half.tls_key = "key.pem";
  EXPECT_THAT(HttpServer::start(half, echo).error().text(), HasSubstr("both"));
  TransportOptions missing;
  missing.executor = Executor::Threads;
  missing.tls_cert = missing.tls_key = "/nowhere/file.pem";
  EXPECT_THAT(HttpServer::start(missing, echo).error().text(), HasSubstr("/nowhere/file.pem"));
}

}  // namespace
}  // namespace mimus::server
