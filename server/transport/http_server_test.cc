// What clients may rely on: requests in all their forms, replies in order, streams on time.
#include "server/transport/http_server.h"

#include <set>
#include <thread>

#include "server/transport/test_server.h"

namespace mimus::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string body_of(const std::string& reply) {
  const std::size_t at = reply.find("\r\n\r\n");
  return at == std::string::npos ? "no reply: " + reply : reply.substr(at + 4);
}

const std::string kGet = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_P(Transport, AnswersRequestAfterRequestOnOneConnection) {
  const auto server = serve(options(), echo);
  RawClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    EXPECT_EQ(body_of(client.read_reply()), "GET /a?b=c []");
  }
  EXPECT_EQ(server->counters().requests, 3u);
  EXPECT_EQ(server->counters().accepted, 1u);
  EXPECT_EQ(server->counters().open, 1u);
}

TEST_P(Transport, HandsTheRequestOverAsItWasSent) {
  Happened<std::string> seen;
  const auto server = serve(options(), [&](const HttpRequest& request, const Respond& respond) {
    std::string text(request.method);
    text.append("|").append(request.target).append("|").append(request.path).append("|").append(request.query);
    for (const HeaderView& h : request.headers) text.append("|").append(h.name).append("=").append(h.value);
    text.append("|").append(request.remote.substr(0, 10));
    seen.push(text);
    respond({});
  });
  RawClient client(server->port());
  client.send(
      "PUT /p%20q/%zz?r=%41?s HTTP/1.1\r\nz: %41\r\nHost: h\r\nAccept-Encoding: br\r\nRange: nonsense\r\na:\r\n\r\n");
  EXPECT_THAT(client.read_reply(), HasSubstr("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(seen.wait(),
            "PUT|/p%20q/%zz?r=%41?s|/p%20q/%zz|r=%41?s|z=%41|Host=h|Accept-Encoding=br|Range=nonsense|a=|127.0.0.1:");
  client.send("GET http://h:1/abs?q HTTP/1.1\r\nHost: h\r\n\r\n");
  client.read_reply();
  EXPECT_EQ(seen.wait(), "GET|http://h:1/abs?q|/abs|q|Host=h|127.0.0.1:");
}

// The loop has other things to do when the second request comes.
TEST(ReactorTransport, CountsTheTimeOfARequestFromItsArrival) {
  constexpr auto kClocks = 1ms;  // the kernel's stamp is of another clock, which may run a little faster or slower
  Happened<int> entered, leave;
  Happened<MonotonicTime> received;
  TransportOptions options;
  options.reactors = 1;
  const auto server = serve(options, [&](const HttpRequest& request, const Respond& respond) {
    if (request.path == "/busy") {
      entered.push(1);
      leave.wait();
    } else {
      received.push(request.received);
    }
    respond(text_reply(""));
  });
  RawClient busy(server->port());
  RawClient client(server->port());
  client.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
  client.read_reply();
  received.wait();
  busy.send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n");
  entered.wait();
  const MonotonicTime before = std::chrono::steady_clock::now();
  client.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");  // it is in the socket's queue behind this
  const MonotonicTime after = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() < after + 5 * kClocks) {
  }
  leave.push(1);
  const MonotonicTime at = received.wait();
  EXPECT_GE(at, before - kClocks);
  EXPECT_LE(at, after + kClocks);
}

TEST_P(Transport, ReadsARequestByteByByte) {
  const auto server = serve(options(), echo);
  RawClient client(server->port());
  for (const char c :
       std::string("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n")) {
    ASSERT_TRUE(client.send(std::string_view(&c, 1)));
  }
  EXPECT_EQ(body_of(client.read_reply()), "POST /x [ab]");
}

TEST_P(Transport, ReadsBodiesOfAnySize) {
  const auto server = serve(options(), [](const HttpRequest& request, const Respond& respond) {
    const bool is_intact = request.body.find_first_not_of('x') == std::string_view::npos;
    respond(text_reply(std::to_string(request.body.size()) + (is_intact ? "" : " damaged")));
  });
  RawClient client(server->port());
  for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 3000000u}) {
    const std::string body(size, 'x');
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body);
    EXPECT_EQ(body_of(client.read_reply()), std::to_string(size));
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (std::size_t i = 0; i < size; i += 0x8000) {
      client.send("8000\r\n" + std::string(0x8000, 'x') + "\r\n");
    }
    client.send("0\r\n\r\n");
    EXPECT_EQ(body_of(client.read_reply()), std::to_string((size + 0x7fff) / 0x8000 * 0x8000));
  }
}

TEST_P(Transport, AnswersPipelinedRequestsInOrder) {
  const auto server = serve(options(), [](const HttpRequest& request, const Respond& respond) {
    if (request.path == "/slow") return respond(stream_reply({{"one", 0ms}, {"two", 20ms}}));
    respond(text_reply(std::string(request.path)));
  });
  RawClient client(server->port());
  const auto get = [](const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; };
  client.send(get("/1") + get("/2") + get("/slow") + get("/3") + get("/slow") + get("/4").substr(0, 9));
  EXPECT_EQ(body_of(client.read_reply()), "/1");
  EXPECT_EQ(body_of(client.read_reply()), "/2");
  EXPECT_EQ(body_of(client.read_reply()), "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
  EXPECT_EQ(body_of(client.read_reply()), "/3");
  client.read_reply();
  client.send(get("/4").substr(9));
  EXPECT_EQ(body_of(client.read_reply()), "/4");
}

TEST_P(Transport, AnswersAFloodOfPipelinedRequests) {
  const auto server =
      serve(options(), [](const HttpRequest&, const Respond& respond) { respond(text_reply(std::string(1000, 'y'))); });
  RawClient client(server->port());
  constexpr int kMany = 5000;
  std::jthread sender([&client] {
    for (int i = 0; i < kMany; ++i) client.send(kGet);
  });
  for (int i = 0; i < kMany; ++i) ASSERT_EQ(body_of(client.read_reply()).size(), 1000u) << i;
}

TEST_P(Transport, AnswersAllThatWasAskedBeforeTheClientSaidItsLast) {
  const auto server = serve(
      options(), [](const HttpRequest&, const Respond& respond) { respond(text_reply(std::string(10000, 'y'))); });
  RawClient client(server->port());
  std::string all;
  for (int i = 0; i < 1000; ++i) all += kGet;
  client.send(all);
  client.send_end();
  for (int i = 0; i < 1000; ++i) {
    const std::string reply = client.read_reply();
    ASSERT_EQ(body_of(reply).size(), 10000u) << i;
  }
  EXPECT_EQ(client.read_rest().end, "FIN");
}

TEST_P(Transport, SendsOnlyTheHeadOfAReplyToHead) {
  const auto server = serve(options(), echo);
  RawClient client(server->port());
  client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
  EXPECT_THAT(client.read_to("\r\n\r\n"), HasSubstr("Content-Length: 10\r\n"));
  EXPECT_EQ(body_of(client.read_reply()), "GET /a?b=c []");
}

TEST_P(Transport, AsksForTheBodyThatAClientHoldsBack) {
  const auto server = serve(options(), echo);
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_EQ(body_of(client.read_reply()), "POST / [ab]");
}

TEST_P(Transport, ClosesWhenTheClientWantsIt) {
  const auto server = serve(options(), echo);
  for (const char* request : {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    RawClient client(server->port());
    client.send(request);
    const RawClient::Rest rest = client.read_rest();
    EXPECT_EQ(body_of(rest.bytes), "GET / []");
    EXPECT_THAT(rest.bytes, HasSubstr("Connection: close\r\n"));
    EXPECT_EQ(rest.end, "FIN");
  }
}

TEST_P(Transport, EndsAStreamToAnOldClientByClosing) {
  const auto server = serve(options(), [](const HttpRequest&, const Respond& respond) {
    respond(stream_reply({{"ab", 0ms}, {"cd", 1ms}}));
  });
  RawClient client(server->port());
  client.send("GET / HTTP/1.0\r\n\r\n");
  const RawClient::Rest rest = client.read_rest();
  EXPECT_EQ(body_of(rest.bytes), "abcd");
  EXPECT_EQ(rest.end, "FIN");
}

TEST_P(Transport, AnswersAClientThatHasSaidAllItWanted) {
  const auto server = serve(options(), echo);
  RawClient client(server->port());
  client.send(kGet);
  client.send_end();
  EXPECT_EQ(body_of(client.read_rest().bytes), "GET /a?b=c []");
}

TEST_P(Transport, TakesAnswersThatComeLaterFromAnotherThread) {
  Happened<Respond> asked;
  const auto server = serve(options(), [&](const HttpRequest&, Respond respond) { asked.push(std::move(respond)); });
  RawClient client(server->port());
  client.send(kGet + kGet);
  for (const std::string text : {"first", "second"}) {
    const Respond respond = asked.wait();
    respond(text_reply(text));
    respond(text_reply("once too often"));
    EXPECT_EQ(body_of(client.read_reply()), text);
  }
}

TEST_P(Transport, TellsAHandlerWhoseClientLeftBeforeItsAnswer) {
  Happened<Respond> asked;
  Happened<std::string> gone;
  const auto server = serve(options(), [&](const HttpRequest& request, const Respond& respond) {
    *request.left = [&gone, path = std::string(request.path)] { gone.push(path); };
    if (request.path == "/now") return respond(text_reply("at once"));
    asked.push(respond);
  });
  {
    RawClient client(server->port());
    client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(body_of(client.read_reply()), "at once");
    client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    asked.wait()(text_reply("later"));
    EXPECT_EQ(body_of(client.read_reply()), "later");
    client.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
    asked.wait();
  }
  EXPECT_EQ(gone.wait(), "/never");
}

TEST_P(Transport, ForgivesAnswersToAServerThatIsGone) {
  Happened<Respond> asked;
  Happened<DeliveryOutcome> over;
  auto server = serve(options(), [&](const HttpRequest&, Respond respond) { asked.push(std::move(respond)); });
  RawClient client(server->port());
  client.send(kGet);
  const Respond respond = asked.wait();
  server.reset();
  Delivery late = text_reply("late");
  late.on_over = [&](const DeliveryOutcome& o) { over.push(o); };
  respond(std::move(late));
  EXPECT_TRUE(over.wait().client_left);
  EXPECT_EQ(client.read_rest().bytes, "");
}

TEST_P(Transport, SurvivesAHandlerThatThrows) {
  const auto server = serve(options(), [](const HttpRequest& request, const Respond& respond) {
    if (request.path == "/bug") throw std::string("a bug");
    echo(request, respond);
  });
  for (int i = 0; i < 2; ++i) {  // the second time the line is known
    RawClient client(server->port());
    client.send("GET /bug HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.read_rest().bytes, HasSubstr("HTTP/1.1 500 "));
  }
  RawClient other(server->port());
  other.send(kGet);
  EXPECT_EQ(body_of(other.read_reply()), "GET /a?b=c []");
}

TEST_P(Transport, KeepsTheTimesOfHeadAndFrames) {
  Happened<DeliveryOutcome> over;
  const auto server = serve(options(), [&](const HttpRequest&, const Respond& respond) {
    Delivery delivery = stream_reply({{"a", 30ms}, {"b", 60ms}});
    delivery.head_due = 10ms;
    delivery.on_over = [&](const DeliveryOutcome& o) { over.push(o); };
    respond(std::move(delivery));
  });
  RawClient client(server->port());
  const auto start = std::chrono::steady_clock::now();
  const auto since = [start] { return std::chrono::steady_clock::now() - start; };
  client.send(kGet);
  std::string all = client.read_to("\r\n\r\n");
  EXPECT_GE(since(), 10ms);
  all += client.read_to("a\r\n");
  EXPECT_GE(since(), 30ms);
  all += client.read_to("0\r\n\r\n");
  EXPECT_GE(since(), 60ms);
  const DeliveryOutcome outcome = over.wait();
  EXPECT_EQ(outcome.bytes, all.size());
  EXPECT_FALSE(outcome.client_left);
  EXPECT_GE(outcome.first_byte, 10ms);
  EXPECT_GE(outcome.last_byte, 60ms);
}

TEST_P(Transport, SendsWhatASourceHasWhenItHasIt) {
  const auto feed = std::make_shared<FedSource::Feed>();
  const auto server = serve(options(), [&](const HttpRequest&, const Respond& respond) {
    Delivery delivery;
    delivery.frames = std::make_unique<FedSource>(feed);
    respond(std::move(delivery));
  });
  RawClient client(server->port());
  client.send(kGet);
  client.read_to("\r\n\r\n");
  for (const char* text : {"one", "two", "three"}) {
    feed->give(text);
    EXPECT_THAT(client.read_to(std::string(text) + "\r\n"), HasSubstr(text));
  }
  feed->end();
  EXPECT_EQ(client.read(5), "0\r\n\r\n");
}

TEST_P(Transport, AnswersThePreflightOfABrowser) {
  const auto server = serve(options(), echo);
  RawClient client(server->port());
  client.send(
      "OPTIONS /v1 HTTP/1.1\r\nHost: x\r\nOrigin: http://page\r\nAccess-Control-Request-Method: POST\r\n"
      "Access-Control-Request-Headers: authorization,content-type\r\n\r\n");
  const std::string reply = client.read_reply();
  EXPECT_THAT(reply, HasSubstr("HTTP/1.1 204 "));
  EXPECT_THAT(reply, HasSubstr("Access-Control-Allow-Origin: *\r\n"));
  EXPECT_THAT(reply, HasSubstr("Access-Control-Allow-Headers: authorization,content-type\r\n"));
  client.send("OPTIONS /v1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(body_of(client.read_reply()), "OPTIONS /v1 []");
}

TEST_P(Transport, ServesManyClientsAtOnce) {
  TransportOptions several = options();
  several.reactors = 3;
  const auto server = serve(several, [](const HttpRequest& request, const Respond& respond) {
    if (request.path == "/a") return echo(request, respond);
    respond(stream_reply({{"x", 0ms}, {"y", 1ms}, {"z", 2ms}}));
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::vector<RawClient> clients;
      for (int i = 0; i < 10; ++i) clients.emplace_back(server->port());
      for (int round = 0; round < 5; ++round) {
        for (RawClient& c : clients) c.send("GET /s HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
        for (RawClient& c : clients) {
          EXPECT_EQ(body_of(c.read_reply()), "1\r\nx\r\n1\r\ny\r\n1\r\nz\r\n0\r\n\r\n");
          EXPECT_EQ(body_of(c.read_reply()), "GET /a?b=c []");
        }
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(server->counters().requests, 4u * 10 * 5 * 2);
}

TEST_P(Transport, RunsHandlersOnTheThreadsOfItsExecutor) {
  Happened<std::thread::id> threads;
  const auto server = serve(options(), [&](const HttpRequest&, const Respond& respond) {
    threads.push(std::this_thread::get_id());
    respond({});
  });
  RawClient one(server->port()), two(server->port());
  std::set<std::thread::id> seen;
  for (RawClient* client : {&one, &two}) {
    client->send(kGet);
    client->read_reply();
    seen.insert(threads.wait());
  }
  EXPECT_EQ(seen.size(), GetParam() == Executor::Reactor ? 1u : 2u);
}

INSTANTIATE_TEST_SUITE_P(Both, Transport, testing::Values(Executor::Reactor, Executor::Threads), executor_name);

}  // namespace
}  // namespace mimus::server
