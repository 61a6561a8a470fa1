// For tests of endpoints: a whole server without sockets, with its clock standing still, and short ways to ask it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "api/json.h"
#include "server/app.h"

namespace mimus::server {

struct Answered {
  int status = 0;
  std::vector<Header> headers;
  std::string body;  // of a stream: all its frames

  // The value at `pointer` as JSON text, strings without their quotes; "missing" when there is none.
  [[nodiscard]] std::string at(std::string_view pointer) const {
    const auto json = parse_json(body);
    if (!json) return "not JSON: " + body.substr(0, 200);
    const Json value = json->root().find_pointer(pointer);
    if (!value) return "missing";
    return value.is_string() ? std::string(value.as_string()) : to_text(value);
  }
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const Header& header : headers) {
      if (equal_ignoring_case(header.name, name)) return header.value;
    }
    return {};
  }
};

class AppDesk {
 public:
  explicit AppDesk(const std::string& dialect = "openai", StoreCaps files = {}) : AppDesk(options_of(dialect, files)) {}

  explicit AppDesk(AppOptions options) {
    options.frozen_at = WallTime(std::chrono::seconds(1'700'000'000));
    auto app = App::create(options, log_);
    EXPECT_TRUE(app) << (app ? "" : app.error().text());
    if (app) app_ = std::move(*app);
  }

  static AppOptions options_of(const std::string& dialect, StoreCaps files = {}) {
    AppOptions options;
    options.dialects = {dialect};
    options.state = files;
    return options;
  }

  std::vector<HeaderView> more_headers;  // sent with every request

  Answered ask(std::string_view method, const std::string& target, std::string_view body = "",
               std::string_view content_type = "application/json") {
    HttpRequest http;
    http.method = method;
    http.target = target;
    http.path = std::string_view(target).substr(0, target.find('?'));
    if (target.find('?') != std::string::npos) http.query = std::string_view(target).substr(target.find('?') + 1);
    http.headers = caller_;
    http.headers.push_back({"host", "127.0.0.1:8080"});
    if (!content_type.empty()) http.headers.push_back({"content-type", content_type});
    http.headers.insert(http.headers.end(), more_headers.begin(), more_headers.end());
    http.body = body;
    Answered answered;
    app_->handle(http, [&](Delivery delivery) {
      answered = {delivery.status, std::move(delivery.headers), std::move(delivery.body)};
      if (delivery.frames == nullptr) return;
      for (const Frame& frame : collect(*delivery.frames)) answered.body += frame.bytes;
    });
    return answered;
  }
  Answered post(const std::string& path, std::string_view body) { return ask("POST", path, body); }
  Answered get(const std::string& target) { return ask("GET", target, "", ""); }

  Clock& clock() { return app_->clock(); }
  [[nodiscard]] const Services& services() const { return app_->services(); }

  // Who asks from now on: the headers that carry the key.
  void use_headers(std::vector<HeaderView> headers) { caller_ = std::move(headers); }
  void use_key(std::string_view key) {
    key_ = "Bearer " + std::string(key);
    caller_ = {{"authorization", key_}};
  }

 private:
  std::string key_;
  std::vector<HeaderView> caller_ = {{"authorization", "Bearer sk-test"}};
  Log log_{LogLevel::Off, LogFormat::Text, STDERR_FILENO};
  std::unique_ptr<App> app_;
};

// A request and the refusal that is expected: its status, code and param ("null" for none).
struct RefusedRow {
  std::string body;
  int status;
  std::string code;
  std::string param;
};

inline void expect_refused(AppDesk& desk, const std::string& path, const std::vector<RefusedRow>& rows) {
  for (const RefusedRow& row : rows) {
    const Answered answer = desk.post(path, row.body);
    EXPECT_EQ(answer.status, row.status) << row.body.substr(0, 300) << "\n" << answer.body.substr(0, 500);
    EXPECT_EQ(answer.at("/error/code"), row.code) << row.body.substr(0, 300) << "\n" << answer.body.substr(0, 500);
    EXPECT_EQ(answer.at("/error/param"), row.param) << row.body.substr(0, 300) << "\n" << answer.body.substr(0, 500);
  }
}

}  // namespace mimus::server
