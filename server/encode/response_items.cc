#include "server/encode/response_items.h"

#include <string_view>

#include "server/encode/chat_members.h"

namespace mimus::server {
namespace {

std::string_view name_of(ItemState state) {
  switch (state) {
    case ItemState::Started:
      return "in_progress";
    case ItemState::Completed:
      return "completed";
    case ItemState::Incomplete:
      return "incomplete";
  }
  return "completed";
}

void append_member(std::string_view name, std::string_view text, std::string& out) {
  out.append(",\"").append(name).append("\":");
  append_quoted(text, out);
}

void append_message(const ResponseItem& item, const Choice& choice, bool is_full, std::string& out) {
  out.append(R"(,"content":[)");
  if (is_full) append_part(item, choice, true, out);
  out.append(R"(],"role":"assistant"})");
}

}  // namespace

std::vector<ResponseItem> response_items(const Ids& ids, const Choice& choice) {
  using Kind = ResponseItem::Kind;
  std::vector<ResponseItem> items;
  items.reserve(2 + choice.tool_calls.size());
  if (!choice.reasoning.empty()) items.push_back({Kind::Reasoning, 0, ids.make(IdKind::Reasoning)});
  if (!choice.text.empty() || (choice.tool_calls.empty() && !choice.refusal)) {
    items.push_back({Kind::Text, 0, ids.make(IdKind::Message)});
  }
  if (choice.refusal) items.push_back({Kind::Refusal, 0, ids.make(IdKind::Message, 1)});
  for (std::size_t i = 0; i < choice.tool_calls.size(); ++i) {
    const bool is_custom = choice.tool_calls[i].is_custom;
    items.push_back({is_custom ? Kind::CustomToolCall : Kind::FunctionCall, i,
                     ids.make(is_custom ? IdKind::CustomToolCall : IdKind::FunctionCall, i)});
  }
  return items;
}

ItemState final_state(const Choice& choice, const std::vector<ResponseItem>& items, std::size_t index) {
  const bool is_cut = choice.finish == FinishReason::Length || choice.finish == FinishReason::ContentFilter;
  return is_cut && index + 1 == items.size() ? ItemState::Incomplete : ItemState::Completed;
}

void append_item(const ResponseItem& item, const Choice& choice, ItemState state, std::string& out) {
  using Kind = ResponseItem::Kind;
  const bool is_full = state != ItemState::Started;
  out.append(R"({"id":)");
  append_quoted(item.id, out);
  if (item.kind == Kind::Reasoning) {
    out.append(R"(,"type":"reasoning","summary":[)");
    if (is_full) append_part(item, choice, true, out);
    out.append("]}");
    return;
  }
  const bool is_message = item.kind == Kind::Text || item.kind == Kind::Refusal;
  const bool is_function = item.kind == Kind::FunctionCall;
  append_member("type", is_message ? "message" : is_function ? "function_call" : "custom_tool_call", out);
  append_member("status", name_of(state), out);
  if (is_message) return append_message(item, choice, is_full, out);
  const ToolCall& call = choice.tool_calls[item.call];
  append_member(is_function ? "arguments" : "input", is_full ? std::string_view(call.arguments) : "", out);
  append_member("call_id", call.id, out);
  append_member("name", call.name, out);
  out.push_back('}');
}

const std::string& text_of(const ResponseItem& item, const Choice& choice) {
  switch (item.kind) {
    case ResponseItem::Kind::Reasoning:
      return choice.reasoning;
    case ResponseItem::Kind::Text:
      return choice.text;
    case ResponseItem::Kind::Refusal:
      return *choice.refusal;
    case ResponseItem::Kind::FunctionCall:
    case ResponseItem::Kind::CustomToolCall:
      break;
  }
  return choice.tool_calls[item.call].arguments;
}

void append_part(const ResponseItem& item, const Choice& choice, bool is_full, std::string& out) {
  const std::string_view text = is_full ? std::string_view(text_of(item, choice)) : "";
  if (item.kind == ResponseItem::Kind::Text) {
    out.append(R"({"type":"output_text","annotations":[],"logprobs":)");
    append_token_logprobs(is_full ? std::span<const TokenLogprob>(choice.logprobs) : std::span<const TokenLogprob>(),
                          out);
    append_member("text", text, out);
  } else if (item.kind == ResponseItem::Kind::Refusal) {
    out.append(R"({"type":"refusal")");
    append_member("refusal", text, out);
  } else {
    out.append(R"({"type":"summary_text")");
    append_member("text", text, out);
  }
  out.push_back('}');
}

}  // namespace mimus::server
