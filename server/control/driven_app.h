// For tests: a whole server without sockets, asked as over HTTP, whose replies are sent to their end at once.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "server/app.h"
#include "server/endpoints/app_desk.h"

namespace mimus::server {

class DrivenApp {
 public:
  static AppOptions frozen() {
    AppOptions options;
    options.frozen_at = WallTime(std::chrono::seconds(1'700'000'000));
    return options;
  }

  explicit DrivenApp(const AppOptions& options = frozen()) {
    auto app = App::create(options, log_);
    EXPECT_TRUE(app) << (app ? "" : app.error().text());
    if (app) app_ = std::move(*app);
  }

  App& app() { return *app_; }

  // The Delivery as it would go to the transport. Waits for it; may be called from several threads.
  Delivery begin(std::string_view method, const std::string& target, std::string_view body = "",
                 std::vector<HeaderView> headers = {}) {
    HttpRequest http;
    http.method = method;
    http.target = target;
    http.path = std::string_view(target).substr(0, target.find('?'));
    if (target.find('?') != std::string::npos) http.query = std::string_view(target).substr(target.find('?') + 1);
    http.headers = std::move(headers);
    http.body = body;
    http.received = std::chrono::steady_clock::now();
    std::promise<Delivery> promise;
    app_->handle(http, [&promise](Delivery delivery) { promise.set_value(std::move(delivery)); });
    return promise.get_future().get();
  }

  static Answered finish(Delivery delivery, DeliveryOutcome outcome = {.bytes = 100, .ending = Ending::Clean}) {
    Answered answered{delivery.status, std::move(delivery.headers), std::move(delivery.body)};
    if (delivery.frames) {
      for (const Frame& frame : collect(*delivery.frames)) answered.body += frame.bytes;
    }
    if (delivery.on_over) delivery.on_over(outcome);
    return answered;
  }

  Answered ask(std::string_view method, const std::string& target, std::string_view body = "",
               std::vector<HeaderView> headers = {}) {
    return finish(begin(method, target, body, std::move(headers)));
  }
  Answered get(const std::string& target) { return ask("GET", target); }
  Answered post(const std::string& target, std::string_view body) { return ask("POST", target, body); }

  // A chat completion with this user message, asked by `test`.
  Answered say(std::string_view text, std::string_view test = "") { return finish(begin_to_say(text, test)); }
  Delivery begin_to_say(std::string_view text, std::string_view test = "", std::string_view more = "") {
    const std::string body = R"({"model":"gpt-4o","messages":[{"role":"user","content":")" + std::string(text) +
                             "\"}]" + std::string(more) + "}";
    std::vector<HeaderView> headers = {{"authorization", "Bearer sk-driven"}, {"content-type", "application/json"}};
    if (!test.empty()) headers.push_back({"x-mimus-test", test});
    return begin("POST", "/v1/chat/completions", body, std::move(headers));
  }

 private:
  Log log_{LogLevel::Off, LogFormat::Text, STDERR_FILENO};
  std::unique_ptr<App> app_;
};

}  // namespace mimus::server
