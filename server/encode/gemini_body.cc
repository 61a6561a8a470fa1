#include "server/encode/gemini_body.h"

#include "api/json.h"
#include "server/encode/chat_members.h"
#include "server/encode/gemini_members.h"

namespace mimus::server {
namespace {

void append_count(std::string_view name, std::int64_t count, std::string& out) {
  out.append(",\"").append(name).append("\":");
  append_integer(count, out);
}

void append_text_details(std::string_view name, std::int64_t count, std::string& out) {
  out.append(",\"").append(name).append(R"(":[{"modality":"TEXT","tokenCount":)");
  append_integer(count, out);
  out.append("}]");
}

void append_parts(const Choice& choice, std::string& out) {
  auto separate = [&out, is_first = true]() mutable {
    if (!is_first) out.push_back(',');
    is_first = false;
  };
  if (!choice.reasoning.empty()) {
    separate();
    append_text_part(choice.reasoning, true, out);
  }
  if (!says_nothing(choice)) {
    separate();
    append_text_part(choice.text, false, out);
  }
  if (choice.refusal) {
    separate();
    append_text_part(*choice.refusal, false, out);
  }
  for (const ToolCall& call : choice.tool_calls) {
    separate();
    append_call_part(call, out);
  }
}

}  // namespace

std::string_view gemini_name_of(FinishReason reason) {
  switch (reason) {
    case FinishReason::Length:
      return "MAX_TOKENS";
    case FinishReason::ContentFilter:
      return "SAFETY";
    case FinishReason::Stop:
    case FinishReason::ToolCalls:
    case FinishReason::FunctionCall:
      break;
  }
  return "STOP";
}

void append_text_part(std::string_view text, bool is_thought, std::string& out) {
  out.append(R"({"text":)");
  append_quoted(text, out);
  out.append(is_thought ? R"(,"thought":true})" : "}");
}

void append_call_part(const ToolCall& call, std::string& out) {
  out.append(R"({"functionCall":{"name":)");
  append_quoted(call.name, out);
  out.append(R"(,"args":)");
  // Written anew, for a line end in it would end the event.
  const auto arguments = parse_json(call.arguments);
  if (arguments && arguments->root().is_object()) {
    append_text(arguments->root(), out);
  } else {
    out.append(R"({"input":)");
    append_quoted(call.arguments, out);
    out.push_back('}');
  }
  out.append("}}");
}

void append_gemini_end(const GeminiFrame& frame, const Usage& usage, bool is_last, std::string& out) {
  const std::int64_t candidates = usage.completion_tokens - usage.reasoning_tokens;
  out.append(R"(,"usageMetadata":{"promptTokenCount":)");
  append_integer(usage.prompt_tokens, out);
  if (is_last) append_count("candidatesTokenCount", candidates, out);
  append_count("totalTokenCount", usage.prompt_tokens + (is_last ? usage.completion_tokens : 0), out);
  append_text_details("promptTokensDetails", usage.prompt_tokens, out);
  if (is_last) append_text_details("candidatesTokensDetails", candidates, out);
  if (is_last && usage.reasoning_tokens > 0) append_count("thoughtsTokenCount", usage.reasoning_tokens, out);
  if (usage.cached_tokens > 0) append_count("cachedContentTokenCount", usage.cached_tokens, out);
  out.append(R"(},"modelVersion":)");
  append_quoted(frame.model_version, out);
  out.append(R"(,"responseId":)");
  append_quoted(frame.response_id, out);
  out.push_back('}');
}

std::string encode_gemini(const GeminiFrame& frame, const Reply& reply) {
  std::string out = R"({"candidates":[)";
  for (std::size_t i = 0; i < reply.choices.size(); ++i) {
    out.append(i == 0 ? R"({"content":{"parts":[)" : R"(,{"content":{"parts":[)");
    append_parts(reply.choices[i], out);
    out.append(R"(],"role":"model"},"finishReason":")").append(gemini_name_of(reply.choices[i].finish));
    out.append(R"(","index":)");
    append_integer(static_cast<std::int64_t>(i), out);
    out.push_back('}');
  }
  out.push_back(']');
  append_gemini_end(frame, reply.usage, true, out);
  return out;
}

}  // namespace mimus::server
