#include "server/endpoints/input_items.h"

#include <algorithm>
#include <array>
#include <map>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/endpoints/call_members.h"
#include "server/endpoints/input_parts.h"

namespace mimus::server {
namespace {

// Which parts the content of a role may hold. Source: /v1/responses, observed 2026-08-30.
const std::vector<std::string>& parts_of(std::string_view role) {
  static const std::vector<std::string> spoken = {"output_text", "refusal"};
  static const std::vector<std::string> given = {"input_text", "input_image", "input_file", "scoped_content",
                                                 "input_audio"};
  return role == "assistant" ? spoken : given;
}

struct ItemKind {
  std::string_view type;
  IdKind id;
  std::string_view prefix;  // of an id that is given; empty: any
  bool has_status;
};

const ItemKind& kind_of(Json item) {
  static constexpr std::array kKinds = {
      ItemKind{"message", IdKind::Message, "msg", false},
      ItemKind{"function_call", IdKind::FunctionCall, "fc", true},
      ItemKind{"function_call_output", IdKind::FunctionCall, "fc", true},
      ItemKind{"custom_tool_call", IdKind::CustomToolCall, "ctc", true},
      ItemKind{"custom_tool_call_output", IdKind::CustomToolCall, "ctc", true},
      ItemKind{"reasoning", IdKind::Reasoning, "rs", false},
  };
  static constexpr ItemKind kOther{"", IdKind::Message, "", false};
  const std::string_view type = item.find("type").string_or("message");
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [&](const ItemKind& k) { return k.type == type; });
  return found == kKinds.end() ? kOther : *found;
}

std::optional<Refusal> check_content(Json item, const std::string& where) {
  const std::vector<std::string>& allowed = parts_of(item.find("role").string_or(""));
  const Json content = item.find("content");
  for (std::size_t i = 0; content.is_array() && i < content.size(); ++i) {
    const std::string type(content.at(i).find("type").string_or(""));
    if (std::find(allowed.begin(), allowed.end(), type) != allowed.end()) continue;
    return Refusal{"invalid_value",
                   {{"param", where + ".content[" + std::to_string(i) + "]"},
                    {"value", echo(type)},
                    {"allowed", quoted_list(allowed, "and")}}};
  }
  return std::nullopt;
}

void read_content(Message& message, Json content) {
  if (content.is_string()) message.text = content.as_string();
  for (const Json part : content.elements()) {
    const std::string_view type = part.find("type").string_or("");
    add_text(message, part.find(type == "refusal" ? "refusal" : "text").string_or(""));
    message.images += type == "input_image" || type == "computer_screenshot";
    message.audios += type == "input_audio";
    message.files += type == "input_file";
  }
}

Role role_of(std::string_view name) {
  if (name == "system") return Role::System;
  if (name == "developer") return Role::Developer;
  return name == "assistant" ? Role::Assistant : Role::User;
}

// What `item` says to the model. Reasoning, and what tools of the vendor did, says nothing here.
std::optional<Message> message_of(Json item, std::string_view type, bool is_custom) {
  Message message;
  if (type == "message") {
    message.role = role_of(item.find("role").string_or(""));
    read_content(message, item.find("content"));
    return message;
  }
  if (type == "function_call" || type == "custom_tool_call") {
    message.role = Role::Assistant;
    message.tool_calls.push_back(
        {text_at(item, "call_id"), text_at(item, "name"), text_at(item, is_custom ? "input" : "arguments"), is_custom});
    return message;
  }
  if (type == "function_call_output" || type == "custom_tool_call_output") {
    message.role = Role::Tool;
    message.tool_call_id = text_at(item, "call_id");
    read_content(message, item.find("output"));
    return message;
  }
  return std::nullopt;
}

void write_content(Json content, bool is_spoken, JsonWriter& json) {
  json.key("content").array();
  if (content.is_string()) {
    json.object().member("type", is_spoken ? "output_text" : "input_text");
    if (is_spoken) json.key("annotations").raw("[]").key("logprobs").raw("[]");
    json.member("text", content.as_string()).end_object();
  }
  for (const Json part : content.elements()) {
    const std::string_view type = part.find("type").string_or("");
    json.object();
    for (const auto [key, value] : part.members()) json.key(key).value(value);
    if (type == "input_image" && !part.find("detail")) json.member("detail", "auto");
    if (type == "output_text" && !part.find("annotations")) json.key("annotations").raw("[]");
    if (type == "output_text" && !part.find("logprobs")) json.key("logprobs").raw("[]");
    json.end_object();
  }
  json.end_array();
}

std::string json_of(Json item, const ItemKind& kind, const std::string& id) {
  std::string out;
  JsonWriter json(out);
  json.object().member("id", id);
  if (kind.type == "message") {
    const std::string_view role = item.find("role").string_or("user");
    json.member("type", "message").member("status", item.find("status").string_or("completed"));
    write_content(item.find("content"), role == "assistant", json);
    json.member("role", role);
    if (const Json phase = item.find("phase"); phase.has_value()) json.key("phase").value(phase);
    json.end_object();
    return out;
  }
  for (const auto [key, value] : item.members()) {
    if (key != "id" && !(key == "status" && value.is_null())) json.key(key).value(value);
  }
  if (kind.has_status && !item.find("status").has_value()) json.member("status", "completed");
  json.end_object();
  return out;
}

std::string_view kind_text(bool is_custom) {
  return is_custom ? "custom tool call" : "function call";
}

Refusal tool_refusal(std::string_view situation, bool is_custom, std::string_view call_id) {
  return {std::string(situation), {{"kind", std::string(kind_text(is_custom))}, {"id", echo(call_id)}}};
}

}  // namespace

std::optional<Refusal> check_input_items(Json input, std::string_view where) {
  for (std::size_t i = 0; input.is_array() && i < input.size(); ++i) {
    const Json item = input.at(i);
    const std::string path = std::string(where) + "[" + std::to_string(i) + "]";
    const ItemKind& kind = kind_of(item);
    const std::string_view id = item.find("id").string_or("");
    if (!id.empty() && !id.starts_with(kind.prefix)) {
      return Refusal{"id_prefix", {{"param", path + ".id"}, {"value", echo(id)}, {"prefix", std::string(kind.prefix)}}};
    }
    if (auto refusal = check_input_parts(item.find("output"), path + ".output")) return refusal;
    if (kind.type != "message") continue;
    if (auto refusal = check_content(item, path)) return refusal;
    if (auto refusal = check_input_parts(item.find("content"), path + ".content")) return refusal;
  }
  return std::nullopt;
}

SharedItem make_item(Json item, const std::string& id) {
  const ItemKind& kind = kind_of(item);
  auto entry = std::make_shared<ResponseItemEntry>();
  entry->id = id;
  entry->is_custom = kind.id == IdKind::CustomToolCall;
  entry->json = json_of(item, kind, id);
  entry->message = message_of(item, kind.type, entry->is_custom);
  return entry;
}

Result<std::vector<SharedItem>, Refusal> read_input_items(Json input, const Ids& ids,
                                                          const CappedStore<SharedItem>& known) {
  constexpr std::uint64_t kFirstId = 1'000;  // those below are for the items of the output
  std::vector<SharedItem> items;
  if (input.is_string()) {
    std::string message;
    JsonWriter(message).object().member("role", "user").member("content", input.as_string()).end_object();
    const auto document = parse_json(message);
    if (document) items.push_back(make_item(document->root(), ids.make(IdKind::Message, kFirstId)));
  }
  for (const Json item : input.elements()) {
    const std::string id = text_at(item, "id");
    if (item.find("type").string_or("") == "item_reference") {
      const auto found = known.find(id);
      if (!found) return Refusal{"item_not_persisted", {{"id", echo(id)}}};
      items.push_back(*found);
      continue;
    }
    items.push_back(make_item(item, id.empty() ? ids.make(kind_of(item).id, kFirstId + items.size()) : id));
  }
  return items;
}

std::optional<Refusal> check_tool_loop(const std::vector<SharedItem>& items) {
  std::map<std::string_view, bool> calls;  // whether each has its output
  std::vector<const ToolCall*> order;
  for (const SharedItem& item : items) {
    if (!item->message) continue;
    for (const ToolCall& call : item->message->tool_calls) {
      calls.emplace(call.id, false);
      order.push_back(&call);
    }
    if (item->message->role != Role::Tool) continue;
    const auto call = calls.find(item->message->tool_call_id);
    if (call == calls.end()) return tool_refusal("tool_call_missing", item->is_custom, item->message->tool_call_id);
    call->second = true;
  }
  for (const ToolCall* call : order) {
    if (!calls[call->id]) return tool_refusal("tool_output_missing", call->is_custom, call->id);
  }
  return std::nullopt;
}

}  // namespace mimus::server
