// Calls for tests, in few words. Only tests and benchmarks include this.
#pragma once

#include <cassert>
#include <memory>
#include <string>
#include <utility>

#include "server/call.h"

namespace mimus::server {

// Call call = CallBuilder().user("What is the weather?").tool("get_weather", R"({"type":"object"})").call;
struct CallBuilder {
  Call call;
  std::vector<std::shared_ptr<JsonDocument>> documents;  // the views in `call` point into them

  CallBuilder() {
    call.operation = "chat.completions";
    call.model = "gpt-4o";
    call.snapshot = "gpt-4o-2024-08-06";
  }
  CallBuilder& say(Role role, std::string text) {
    call.messages.push_back({});
    call.messages.back().role = role;
    call.messages.back().text = std::move(text);
    return *this;
  }
  CallBuilder& user(std::string text) { return say(Role::User, std::move(text)); }
  CallBuilder& tool(std::string name, std::string_view parameters = {}, std::string description = {}) {
    call.tools.push_back({std::move(name), std::move(description), json(parameters), false, false});
    return *this;
  }
  CallBuilder& choice(ToolChoice::Mode mode, std::string name = {}) {
    call.tool_choice.mode = mode;
    call.tool_choice.name = std::move(name);
    return *this;
  }
  CallBuilder& called(std::string id, std::string name, std::string arguments) {
    say(Role::Assistant, "");
    call.messages.back().tool_calls.push_back({std::move(id), std::move(name), std::move(arguments), false});
    return *this;
  }
  CallBuilder& result(std::string id, std::string text) {
    say(Role::Tool, std::move(text));
    call.messages.back().tool_call_id = std::move(id);
    return *this;
  }
  CallBuilder& format(ResponseFormat::Kind kind, std::string_view schema = {}) {
    call.format = {kind, "answer", json(schema)};
    return *this;
  }
  Json json(std::string_view text) {
    if (text.empty()) return {};
    auto parsed = parse_json(text);
    assert(parsed && "a test's JSON");
    documents.push_back(std::make_shared<JsonDocument>(std::move(*parsed)));
    return documents.back()->root();
  }
};

}  // namespace mimus::server
