#include "server/encode/chat_members.h"

#include "api/json_writer.h"

namespace mimus::server {
namespace {

void append_token(std::string_view token, double logprob, std::string& out) {
  out.append(R"("token":)");
  append_quoted(token, out);
  out.append(R"(,"logprob":)");
  JsonWriter(out).number(logprob);
  out.append(R"(,"bytes":[)");
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (i != 0) out.push_back(',');
    append_integer(static_cast<unsigned char>(token[i]), out);
  }
  out.push_back(']');
}

}  // namespace

std::string_view name_of(FinishReason reason) {
  switch (reason) {
    case FinishReason::Stop:
      return "stop";
    case FinishReason::Length:
      return "length";
    case FinishReason::ToolCalls:
      return "tool_calls";
    case FinishReason::FunctionCall:
      return "function_call";
    case FinishReason::ContentFilter:
      return "content_filter";
  }
  return "stop";
}

bool is_legacy_call(const Choice& choice) {
  return !choice.tool_calls.empty() && choice.tool_calls.front().id.empty();
}

bool says_nothing(const Choice& choice) {
  return choice.text.empty() && (choice.refusal.has_value() || !choice.tool_calls.empty());
}

void append_quoted(std::string_view text, std::string& out) {
  out.push_back('"');
  append_escaped(text, out);
  out.push_back('"');
}

void append_start(const ChatFrame& frame, std::string_view object, std::string& out) {
  out.append(R"({"id":)");
  append_quoted(frame.id, out);
  out.append(R"(,"object":")").append(object).append(R"(","created":)");
  append_integer(frame.created, out);
  out.append(R"(,"model":)");
  append_quoted(frame.model, out);
}

void append_usage(const Usage& usage, const BodyStyle& style, std::string& out) {
  out.append(R"({"prompt_tokens":)");
  append_integer(usage.prompt_tokens, out);
  out.append(R"(,"completion_tokens":)");
  append_integer(usage.completion_tokens, out);
  out.append(R"(,"total_tokens":)");
  append_integer(usage.prompt_tokens + usage.completion_tokens, out);
  if (style.usage_details) {
    out.append(R"(,"prompt_tokens_details":{"cached_tokens":)");
    append_integer(usage.cached_tokens, out);
    out.append(R"(,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":)");
    append_integer(usage.reasoning_tokens, out);
    out.append(R"(,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0})");
  }
  out.push_back('}');
}

void append_tier_and_fingerprint(const ChatFrame& frame, std::string& out) {
  if (frame.style.service_tier) {
    out.append(R"(,"service_tier":)");
    append_quoted(frame.service_tier.empty() ? "default" : std::string_view(frame.service_tier), out);
  }
  if (!frame.style.system_fingerprint) return;
  out.append(R"(,"system_fingerprint":)");
  if (frame.system_fingerprint.empty()) {
    out.append("null");
  } else {
    append_quoted(frame.system_fingerprint, out);
  }
}

void append_token_logprobs(std::span<const TokenLogprob> tokens, std::string& out) {
  out.push_back('[');
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    out.append(i == 0 ? "{" : ",{");
    append_token(tokens[i].token, tokens[i].logprob, out);
    out.append(R"(,"top_logprobs":[)");
    for (std::size_t k = 0; k < tokens[i].top.size(); ++k) {
      out.append(k == 0 ? "{" : ",{");
      append_token(tokens[i].top[k].first, tokens[i].top[k].second, out);
      out.push_back('}');
    }
    out.append("]}");
  }
  out.push_back(']');
}

void append_logprobs(std::span<const TokenLogprob> tokens, std::string& out) {
  out.append(R"({"content":)");
  append_token_logprobs(tokens, out);
  out.append(R"(,"refusal":null})");
}

}  // namespace mimus::server
