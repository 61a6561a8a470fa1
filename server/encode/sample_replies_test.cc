#include <gtest/gtest.h>

#include "server/encode/sample_replies.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

Reply reply_of(std::vector<Choice> choices) {
  Reply reply;
  reply.choices = std::move(choices);
  reply.usage = {.prompt_tokens = 19, .completion_tokens = 10, .cached_tokens = 0, .reasoning_tokens = 0};
  return reply;
}

Choice text_choice(std::string text, FinishReason finish = FinishReason::Stop) {
  Choice choice;
  choice.text = std::move(text);
  choice.finish = finish;
  return choice;
}

Choice calling(std::vector<ToolCall> calls, FinishReason finish = FinishReason::ToolCalls) {
  Choice choice;
  choice.tool_calls = std::move(calls);
  choice.finish = finish;
  return choice;
}

ToolCall weather_call() {
  return {.id = "call_PSB9Rc4MCU2BI0QGYD5RNDLi", .name = "get_weather", .arguments = R"({"city":"Paris","days":3})"};
}

ToolCall time_call() {
  return {.id = "call_yGnEKXS1B5cMPi3XMkqMZ8XB", .name = "get_time", .arguments = "{}"};
}

Choice with_logprobs() {
  Choice choice = text_choice("Hi, é!");
  choice.logprobs = {
      {"Hi", -0.25, {{"Hi", -0.25}, {"Hello", -1.5}}}, {",", 0, {}}, {" é", -3.125, {{" é", -3.125}}}, {"!", -0.5, {}}};
  return choice;
}

Choice refusing() {
  Choice choice;
  choice.refusal = "I'm sorry, I can't help with that.";
  return choice;
}

Choice reasoning() {
  Choice choice = text_choice("It is 42.");
  choice.reasoning = "Six times seven.";
  return choice;
}

}  // namespace

std::vector<SampleReply> sample_replies() {
  Choice text_and_call = calling({weather_call()});
  text_and_call.text = "Let me look.";
  ToolCall legacy = weather_call();
  legacy.id.clear();
  const ToolCall custom{
      .id = "call_custom00000000000000000", .name = "run_sql", .arguments = "select \"a\"\nfrom b;", .is_custom = true};
  Reply thinking = reply_of({reasoning()});
  thinking.usage.reasoning_tokens = 6;
  thinking.usage.cached_tokens = 8;
  return {
      {"text", reply_of({text_choice("The mockingbird sings many songs.")})},
      {"empty", reply_of({text_choice("", FinishReason::Length)})},
      {"length", reply_of({text_choice("This answer stops in the", FinishReason::Length)})},
      {"filtered", reply_of({text_choice("This is", FinishReason::ContentFilter)})},
      {"unicode", reply_of({text_choice("Olá \"日本\" 🐦\n\ttab\\ \u2028 end \x01.")})},
      {"two_choices", reply_of({text_choice("One two three."), text_choice("Yes.")})},
      {"tool", reply_of({calling({weather_call()})})},
      {"parallel_tools", reply_of({calling({weather_call(), time_call()})})},
      {"text_and_tool", reply_of({text_and_call})},
      {"function", reply_of({calling({legacy}, FinishReason::FunctionCall)})},
      {"custom_tool", reply_of({calling({custom})})},
      {"refusal", reply_of({refusing()})},
      {"logprobs", reply_of({with_logprobs()})},
      {"reasoning", thinking},
  };
}

BodyStyle full_style() {
  return {.usage_details = true,
          .refusal = true,
          .annotations = true,
          .logprobs = true,
          .service_tier = true,
          .system_fingerprint = true,
          .obfuscation = true};
}

BodyStyle bare_style() {
  return {};
}

ChatFrame sample_chat_frame(const BodyStyle& style) {
  return {.id = "chatcmpl-0123456789ABCDEFGHIJKLMNOPQRS",
          .created = 1767642812,
          .model = "gpt-4o-mini-2024-07-18",
          .service_tier = "",
          .system_fingerprint = "fp_0123456789",
          .style = style};
}

std::string bytes_of(FrameSource& source) {
  std::string bytes;
  for (const Frame& frame : collect(source)) bytes += frame.bytes;
  return bytes;
}

std::vector<std::string> payloads_of(const std::string& bytes) {
  std::vector<std::string> payloads;
  for (std::size_t at = bytes.find("data: "); at != std::string::npos; at = bytes.find("data: ", at)) {
    at += 6;
    const std::string payload = bytes.substr(at, bytes.find_first_of("\r\n", at) - at);
    if (payload != "[DONE]") payloads.push_back(payload);
  }
  return payloads;
}

}  // namespace mimus::server
