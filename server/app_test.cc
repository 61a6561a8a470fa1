// The whole server without sockets: a request in, a Delivery out.
#include "server/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "api/json.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;

struct Sent {
  std::string method = "POST";
  std::string path = "/v1/chat/completions";
  std::string body;
  std::vector<HeaderView> headers = {{"authorization", "Bearer sk-test"}, {"content-type", "application/json"}};
};

class AppTest : public testing::Test {
 protected:
  static AppOptions frozen() {
    AppOptions options;
    options.frozen_at = WallTime(std::chrono::seconds(1700000000));
    return options;
  }

  // A new server each time, so that two calls are two first sightings.
  static std::unique_ptr<App> make(const AppOptions& options) {
    static Log log(LogLevel::Off, LogFormat::Text, STDERR_FILENO);
    auto app = App::create(options, log);
    EXPECT_TRUE(app) << app.error().text();
    return std::move(*app);
  }

  static Delivery ask(App& app, const Sent& sent) {
    HttpRequest http;
    http.method = sent.method;
    http.target = sent.path;
    http.path = sent.path;
    http.headers = sent.headers;
    http.body = sent.body;
    http.received = std::chrono::steady_clock::now();
    Delivery taken;
    int calls = 0;
    app.handle(http, [&](Delivery delivery) {
      taken = std::move(delivery);
      ++calls;
    });
    EXPECT_EQ(calls, 1);
    return taken;
  }

  static std::string wire(Delivery& delivery) {
    if (delivery.frames == nullptr) return delivery.body;
    std::string bytes;
    for (const Frame& frame : collect(*delivery.frames)) bytes += frame.bytes;
    return bytes;
  }

  // The text of a reply, put together from its chunks when it is streamed.
  static std::string text_of(const std::string& bytes) {
    if (!bytes.starts_with("data: ")) {
      return std::string(parse_json(bytes)->root().find_pointer("/choices/0/message/content").string_or(""));
    }
    std::string text;
    for (std::size_t at = 0; (at = bytes.find("data: {", at)) != std::string::npos; ++at) {
      const auto event = parse_json(std::string_view(bytes).substr(at + 6, bytes.find('\n', at) - at - 6));
      text += event->root().find_pointer("/choices/0/delta/content").string_or("");
    }
    return text;
  }

  static std::string chat(const std::string& more = "") {
    return R"({"model":"gpt-4o","messages":[{"role":"user","content":"Tell me about whales"}])" + more + "}";
  }
};

TEST_F(AppTest, AnswersWithTheSameBytesAfterARestart) {
  for (const char* more : {"", R"(,"stream":true)", R"(,"n":3)"}) {
    auto first_app = make(frozen());
    auto second_app = make(frozen());
    Delivery first = ask(*first_app, {.body = chat(more)});
    Delivery second = ask(*second_app, {.body = chat(more)});
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.headers, second.headers);
    EXPECT_EQ(wire(first), wire(second));
  }
}

TEST_F(AppTest, GivesEachSightingOfARequestItsOwnId) {
  auto app = make(frozen());
  Delivery first = ask(*app, {.body = chat()});
  Delivery second = ask(*app, {.body = chat()});
  EXPECT_NE(first.body, second.body);
  EXPECT_EQ(text_of(first.body), text_of(second.body));
}

TEST_F(AppTest, StreamsTheTextThatItWouldSendWhole) {
  auto app = make(frozen());
  Delivery whole = ask(*app, {.body = chat()});
  Delivery stream = ask(*app, {.body = chat(R"(,"stream":true)")});
  const std::string text = text_of(whole.body);
  EXPECT_FALSE(text.empty());
  EXPECT_EQ(text_of(wire(stream)), text);
}

TEST_F(AppTest, CutsTheSameTextAtMaxTokens) {
  auto app = make(frozen());
  Delivery whole = ask(*app, {.body = chat()});
  Delivery cut = ask(*app, {.body = chat(R"(,"max_tokens":7)")});
  const std::string text = text_of(cut.body);
  EXPECT_FALSE(text.empty());
  EXPECT_TRUE(text_of(whole.body).starts_with(text));
  EXPECT_THAT(cut.body, HasSubstr(R"("finish_reason":"length")"));
  EXPECT_THAT(cut.body, HasSubstr(R"("completion_tokens":7,)"));
}

TEST_F(AppTest, AnotherSeedGivesAnotherText) {
  AppOptions options = frozen();
  auto first_app = make(options);
  options.seed = 1;
  auto second_app = make(options);
  EXPECT_NE(text_of(ask(*first_app, {.body = chat()}).body), text_of(ask(*second_app, {.body = chat()}).body));
}

struct Row {
  Sent sent;
  int status;
  std::string body_has;
};

TEST_F(AppTest, RoutesAndRefuses) {
  AppOptions options = frozen();
  options.api_keys = {"sk-test"};
  auto app = make(options);
  const std::vector<HeaderView> none;
  const Row rows[] = {
      {{.method = "GET", .path = "/v1/models"}, 200, R"("object":"list")"},
      {{.method = "HEAD", .path = "/v1/models"}, 200, R"("object":"list")"},
      {{.method = "GET", .path = "/v1/models/gpt-4o"}, 200, R"("id":"gpt-4o")"},
      {{.method = "GET", .path = "/v1/models/nope"}, 404, R"("model_not_found")"},
      {{.method = "GET", .path = "/v1/embeddings"}, 405, "GET /v1/embeddings"},
      {{.method = "POST", .path = "/v1/nope"}, 404, "/v1/nope"},
      {{.method = "GET", .path = "/elsewhere"}, 404, R"("unknown_url")"},
      {{.method = "GET", .path = "/v1/models", .headers = none}, 401, "You didn't provide an API key"},
      {{.method = "GET", .path = "/v1/models", .headers = {{"authorization", "Bearer sk-other"}}},
       401,
       R"("invalid_api_key")"},
      {{.method = "GET", .path = "/v1/nope", .headers = none}, 404, "/v1/nope"},
      {{.body = chat(), .headers = {{"authorization", "Bearer sk-test"}, {"content-type", "text/plain"}}},
       400,
       "text/plain"},
      {{.body = "{"}, 400, "We could not parse the JSON body"},
      {{.method = "GET", .path = "/_mimus/health", .headers = none}, 200, R"("status":"ok")"},
      {{.method = "PUT", .path = "/_mimus/health", .headers = none}, 405, "PUT"},
      {{.method = "GET", .path = "/_mimus/nope", .headers = none}, 404, "/_mimus/nope"},
  };
  for (const Row& row : rows) {
    Delivery delivery = ask(*app, row.sent);
    EXPECT_EQ(delivery.status, row.status) << row.sent.method << " " << row.sent.path;
    EXPECT_THAT(delivery.body, HasSubstr(row.body_has)) << row.sent.method << " " << row.sent.path;
  }
}

TEST_F(AppTest, ShapesWhatTheTransportRefuses) {
  auto app = make(frozen());
  for (const int status : {400, 408, 413, 431, 501, 503}) {
    const Delivery delivery = app->refuse_transport(status, "because", 4096);
    EXPECT_EQ(delivery.status, status);
    EXPECT_TRUE(parse_json(delivery.body)->root().find("error").is_object());
    EXPECT_THAT(delivery.body, HasSubstr("because"));
    EXPECT_EQ(delivery.body.find("4096") != std::string::npos, status == 413 || status == 431) << delivery.body;
  }
}

TEST_F(AppTest, RefusesADialectThatDoesNotExist) {
  Log log(LogLevel::Off, LogFormat::Text, STDERR_FILENO);
  AppOptions options;
  options.dialects = {"nosuch"};
  const auto app = App::create(options, log);
  ASSERT_FALSE(app);
  EXPECT_THAT(app.error().text(), HasSubstr("nosuch"));
}

}  // namespace
}  // namespace mimus::server
