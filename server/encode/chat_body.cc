#include "server/encode/chat_body.h"

#include "server/encode/chat_members.h"

namespace mimus::server {
namespace {

// The size of a body without its texts, so that one allocation is enough for most replies.
constexpr std::size_t kUsualOverhead = 512;

void append_function(std::string_view name, std::string_view arguments, std::string& out) {
  out.append(R"({"name":)");
  append_quoted(name, out);
  out.append(R"(,"arguments":)");
  append_quoted(arguments, out);
  out.push_back('}');
}

void append_call(const ToolCall& call, std::string& out) {
  out.append(R"({"id":)");
  append_quoted(call.id, out);
  if (call.is_custom) {
    out.append(R"(,"type":"custom","custom":{"name":)");
    append_quoted(call.name, out);
    out.append(R"(,"input":)");
    append_quoted(call.arguments, out);
    out.append("}}");
    return;
  }
  out.append(R"(,"type":"function","function":)");
  append_function(call.name, call.arguments, out);
  out.push_back('}');
}

void append_calls(const Choice& choice, std::string& out) {
  if (choice.tool_calls.empty()) return;
  if (is_legacy_call(choice)) {
    out.append(R"(,"function_call":)");
    return append_function(choice.tool_calls.front().name, choice.tool_calls.front().arguments, out);
  }
  out.append(R"(,"tool_calls":[)");
  for (std::size_t i = 0; i < choice.tool_calls.size(); ++i) {
    if (i != 0) out.push_back(',');
    append_call(choice.tool_calls[i], out);
  }
  out.push_back(']');
}

void append_message(const Choice& choice, const BodyStyle& style, std::string& out) {
  out.append(R"({"role":"assistant","content":)");
  if (says_nothing(choice)) {
    out.append("null");
  } else {
    append_quoted(choice.text, out);
  }
  append_calls(choice, out);
  if (choice.refusal) {
    out.append(R"(,"refusal":)");
    append_quoted(*choice.refusal, out);
  } else if (style.refusal) {
    out.append(R"(,"refusal":null)");
  }
  if (style.annotations) out.append(R"(,"annotations":[])");
  out.push_back('}');
}

void append_choice(std::size_t index, const Choice& choice, const BodyStyle& style, std::string& out) {
  out.append(R"({"index":)");
  append_integer(static_cast<std::int64_t>(index), out);
  out.append(R"(,"message":)");
  append_message(choice, style, out);
  if (!choice.logprobs.empty()) {
    out.append(R"(,"logprobs":)");
    append_logprobs(choice.logprobs, out);
  } else if (style.logprobs) {
    out.append(R"(,"logprobs":null)");
  }
  out.append(R"(,"finish_reason":")").append(name_of(choice.finish)).append(R"("})");
}

std::size_t size_of_texts(const Reply& reply) {
  std::size_t size = 0;
  for (const Choice& choice : reply.choices) {
    size += choice.text.size() + 160 + choice.logprobs.size() * 128;
    for (const ToolCall& call : choice.tool_calls) size += call.arguments.size() + call.name.size() + 128;
  }
  return size;
}

}  // namespace

std::string encode_chat(const ChatFrame& frame, const Reply& reply) {
  std::string out;
  out.reserve(kUsualOverhead + size_of_texts(reply));
  append_start(frame, "chat.completion", out);
  out.append(R"(,"choices":[)");
  for (std::size_t i = 0; i < reply.choices.size(); ++i) {
    if (i != 0) out.push_back(',');
    append_choice(i, reply.choices[i], frame.style, out);
  }
  out.append(R"(],"usage":)");
  append_usage(reply.usage, frame.style, out);
  append_tier_and_fingerprint(frame, out);
  out.push_back('}');
  return out;
}

}  // namespace mimus::server
