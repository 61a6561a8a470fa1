// How the transport ends, and that nothing is left behind.
#include <thread>

#include "server/transport/http_server.h"
#include "server/transport/test_server.h"

namespace mimus::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class TransportEnd : public Transport {};

TEST_P(TransportEnd, TakesTheSamePortAgainAtOnce) {
  auto server = serve(options(), echo);
  TransportOptions same = options();
  same.port = server->port();
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  client.read_rest();
  server.reset();
  server = serve(same, echo);
  ASSERT_NE(server, nullptr);
  RawClient again(server->port());
  again.send(kGet);
  EXPECT_THAT(again.read_reply(), HasSubstr("200 OK"));
}

TEST_P(TransportEnd, LetsRepliesFinishWhenItStops) {
  Happened<Respond> asked;
  const auto feed = std::make_shared<FedSource::Feed>();
  const auto server = serve(options(), [&](const HttpRequest& request, Respond respond) {
    if (request.path == "/") return asked.push(std::move(respond));
    Delivery delivery;
    delivery.frames = std::make_unique<FedSource>(feed);
    respond(std::move(delivery));
  });
  RawClient idle(server->port()), waiting(server->port()), streaming(server->port());
  waiting.send(kGet);
  const Respond respond = asked.wait();
  streaming.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  streaming.read_to("\r\n\r\n");
  std::thread stopper([&] { server->stop(10s); });
  EXPECT_EQ(idle.read_rest().end, "FIN");  // so the stop has begun
  feed->give("a");
  feed->end();
  EXPECT_EQ(streaming.read_rest().bytes, "1\r\na\r\n0\r\n\r\n");
  respond(text_reply("done"));
  EXPECT_TRUE(waiting.read_rest().bytes.ends_with("Connection: close\r\n\r\ndone"));
  stopper.join();
  EXPECT_EQ(server->counters().open, 0u);
}

TEST_P(TransportEnd, CutsWhatIsNotFinishedAfterTheGrace) {
  Happened<DeliveryOutcome> over;
  const auto feed = std::make_shared<FedSource::Feed>();
  const auto server = serve(options(), [&](const HttpRequest&, const Respond& respond) {
    Delivery delivery;
    delivery.frames = std::make_unique<FedSource>(feed);
    delivery.on_over = [&](const DeliveryOutcome& o) { over.push(o); };
    respond(std::move(delivery));
  });
  RawClient client(server->port());
  client.send(kGet);
  client.read_to("\r\n\r\n");
  server->stop(20ms);
  EXPECT_FALSE(over.wait().client_left);
  EXPECT_EQ(client.read_rest().bytes, "");
  EXPECT_FALSE(RawClient(server->port()).is_connected());
}

TEST_P(TransportEnd, LeaksNoDescriptor) {
  const std::size_t before = open_descriptors();
  {
    const auto server = serve(options(), [](const HttpRequest&, const Respond& respond) {
      respond(stream_reply({{"a", 0ms}, {"b", 5ms}}));
    });
    for (int i = 0; i < 50; ++i) {
      RawClient polite(server->port()), rude(server->port()), bad(server->port()), silent(server->port());
      polite.send(kGet);
      rude.send(kGet);
      bad.send("bad\r\n\r\n");
      rude.close();
      polite.read_reply();
      bad.read_rest();
    }
  }
  EXPECT_EQ(open_descriptors(), before);
}

INSTANTIATE_TEST_SUITE_P(Both, TransportEnd, testing::Values(Executor::Reactor, Executor::Threads), executor_name);

}  // namespace
}  // namespace mimus::server
