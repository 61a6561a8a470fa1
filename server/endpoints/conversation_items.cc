#include "server/endpoints/conversation_items.h"

#include <algorithm>

#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/conversation_body.h"
#include "server/endpoints/item_list.h"
#include "server/endpoints/json_body.h"
#include "server/endpoints/query.h"
#include "server/endpoints/refuse.h"

namespace mimus::server {
namespace {

constexpr std::size_t kUsualPage = 20;
constexpr std::size_t kMostOfPage = 100;

const std::string& item_named(const Exchange& exchange) {
  return exchange.path_values.back().second;
}

Delivery refuse_item(const Exchange& exchange, std::string_view id) {
  return refuse({"item_not_found", {{"id", echo(id)}}}, exchange.dialect);
}

std::vector<ListEntry> entries_of(const std::vector<SharedItem>& items) {
  std::vector<ListEntry> entries;
  for (const SharedItem& item : items) entries.push_back({item->id, item->json});
  return entries;
}

auto find_item(const std::vector<SharedItem>& items, const std::string& id) {
  return std::find_if(items.begin(), items.end(), [&](const SharedItem& item) { return item->id == id; });
}

}  // namespace

Delivery answer_conversation_items_create(const Exchange& exchange, const Services& services) {
  const auto body = read_json_request(exchange);
  if (!body) return refuse(body.error(), exchange.dialect);
  if (const auto conversation = find_conversation(exchange, services); !conversation) {
    return refuse(conversation.error(), exchange.dialect);
  }
  const auto items = read_body_items((*body)->root(), services);
  if (!items) return refuse(items.error(), exchange.dialect);
  services.responses.remember(*items);
  if (!services.responses.append(exchange.path_values.front().second, *items)) {
    return refuse(conversation_not_found(exchange), exchange.dialect);
  }
  return make_json(200, encode_list(entries_of(*items), false));
}

Delivery answer_conversation_items_list(const Exchange& exchange, const Services& services) {
  const auto conversation = find_conversation(exchange, services);
  if (!conversation) return refuse(conversation.error(), exchange.dialect);
  const auto query = read_page_query(exchange.http.query, kUsualPage, kMostOfPage, ListOrder::Descending);
  if (!query) return refuse(query.error(), exchange.dialect);
  auto page = encode_page(entries_of((*conversation)->items), *query);
  return page ? make_json(200, std::move(*page)) : refuse_item(exchange, query->after);
}

Delivery answer_conversation_items_retrieve(const Exchange& exchange, const Services& services) {
  const auto conversation = find_conversation(exchange, services);
  if (!conversation) return refuse(conversation.error(), exchange.dialect);
  const auto item = find_item((*conversation)->items, item_named(exchange));
  if (item == (*conversation)->items.end()) return refuse_item(exchange, item_named(exchange));
  return make_json(200, (*item)->json);
}

Delivery answer_conversation_items_delete(const Exchange& exchange, const Services& services) {
  if (const auto conversation = find_conversation(exchange, services); !conversation) {
    return refuse(conversation.error(), exchange.dialect);
  }
  const std::string& id = exchange.path_values.front().second;
  std::string out;
  const auto remove = [&](StoredConversation& changed) -> std::optional<std::size_t> {
    const auto item = find_item(changed.items, item_named(exchange));
    if (item == changed.items.end()) return std::nullopt;
    changed.items.erase(item);
    out = encode_conversation(id, changed);
    return bytes_of(changed);
  };
  if (!services.responses.conversations.update(id, remove)) return refuse_item(exchange, item_named(exchange));
  return make_json(200, std::move(out));
}

}  // namespace mimus::server
