#include "server/endpoints/conversations.h"

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/conversation_body.h"
#include "server/endpoints/input_items.h"
#include "server/endpoints/json_body.h"
#include "server/endpoints/metadata.h"
#include "server/endpoints/refuse.h"
#include "server/ids.h"
#include "server/synth/digest.h"

namespace mimus::server {

std::string encode_conversation(const std::string& id, const StoredConversation& conversation) {
  std::string out;
  JsonWriter json(out);
  json.object().member("id", id).member("object", "conversation").member("created_at", conversation.created);
  write_metadata(conversation.metadata, json.key("metadata"));
  json.end_object();
  return out;
}

Refusal conversation_not_found(const Exchange& exchange) {
  return {"conversation_not_found", {{"id", echo(exchange.path_values.front().second)}}};
}

Result<std::shared_ptr<const StoredConversation>, Refusal> find_conversation(const Exchange& exchange,
                                                                             const Services& services) {
  auto found = services.responses.conversations.find(exchange.path_values.front().second);
  if (!found) return conversation_not_found(exchange);
  return found;
}

Result<std::vector<SharedItem>, Refusal> read_body_items(Json body, const Services& services) {
  const Json items = body.find("items");
  if (auto refusal = check_input_items(items, "items")) return std::move(*refusal);
  const Ids ids = services.ids.next(Digest(services.seed).add("conversations.items").add(items).value());
  return read_input_items(items, ids, services.responses.items);
}

Delivery answer_conversations_create(const Exchange& exchange, const Services& services) {
  const bool has_body = !exchange.http.body.empty();  // nothing in it is required
  const auto body = has_body ? read_json_request(exchange) : read_json_body("{}", exchange.endpoint);
  if (!body) return refuse(body.error(), exchange.dialect);
  auto items = read_body_items((*body)->root(), services);
  if (!items) return refuse(items.error(), exchange.dialect);

  StoredConversation conversation;
  conversation.created = services.clock.epoch_seconds();
  conversation.metadata = read_metadata((*body)->root().find("metadata"));
  conversation.items = std::move(*items);
  services.responses.remember(conversation.items);
  const std::uint64_t digest = Digest(services.seed).add("conversations").add((*body)->root()).value();
  const std::string id = services.ids.next(digest).make(IdKind::Conversation);
  std::string out = encode_conversation(id, conversation);
  const std::size_t bytes = bytes_of(conversation);
  services.responses.conversations.put(id, std::move(conversation), bytes);
  return make_json(200, std::move(out));
}

Delivery answer_conversations_retrieve(const Exchange& exchange, const Services& services) {
  const auto conversation = find_conversation(exchange, services);
  if (!conversation) return refuse(conversation.error(), exchange.dialect);
  return make_json(200, encode_conversation(exchange.path_values.front().second, **conversation));
}

Delivery answer_conversations_update(const Exchange& exchange, const Services& services) {
  const auto body = read_json_request(exchange);
  if (!body) return refuse(body.error(), exchange.dialect);
  const std::string& id = exchange.path_values.front().second;
  std::string out;
  const auto change = [&](StoredConversation& changed) {
    changed.metadata = read_metadata((*body)->root().find("metadata"));
    out = encode_conversation(id, changed);
    return std::optional(bytes_of(changed));
  };
  if (!services.responses.conversations.update(id, change)) {
    return refuse(conversation_not_found(exchange), exchange.dialect);
  }
  return make_json(200, std::move(out));
}

Delivery answer_conversations_delete(const Exchange& exchange, const Services& services) {
  const std::string& id = exchange.path_values.front().second;
  if (!services.responses.conversations.erase(id)) return refuse(conversation_not_found(exchange), exchange.dialect);
  std::string out;
  JsonWriter json(out);
  json.object().member("id", id).member("object", "conversation.deleted").member("deleted", true).end_object();
  return make_json(200, std::move(out));
}

}  // namespace mimus::server
