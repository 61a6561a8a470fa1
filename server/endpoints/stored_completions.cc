#include "server/endpoints/stored_completions.h"

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/chat_body.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/item_list.h"
#include "server/endpoints/json_body.h"
#include "server/endpoints/metadata.h"
#include "server/endpoints/query.h"
#include "server/endpoints/refuse.h"

namespace mimus::server {
namespace {

constexpr std::size_t kUsualPage = 20;
constexpr std::size_t kMostOfPage = 100;

const std::string& named(const Exchange& exchange) {
  return exchange.path_values.front().second;
}

Delivery refuse_unknown(const Exchange& exchange, std::string_view id) {
  return refuse({"not_found", {{"kind", "ChatCompletion"}, {"id", echo(id)}}}, exchange.dialect);
}

// A member of a stored completion that repeats the request, and what it is without one.
struct EchoRow {
  std::string_view name;
  std::string_view of_request;
  std::string_view fallback;
};
constexpr EchoRow kEchoes[] = {
    {"tool_choice", "tool_choice", "null"},
    {"seed", "seed", "null"},
    {"top_p", "top_p", "1.0"},
    {"temperature", "temperature", "1.0"},
    {"presence_penalty", "presence_penalty", "0.0"},
    {"frequency_penalty", "frequency_penalty", "0.0"},
    {"input_user", "user", "null"},
    {"tools", "tools", "null"},
    {"response_format", "response_format", "null"},
};

std::string body_of(const StoredReply& stored) {
  const auto body = parse_json(stored.body);
  const auto request = parse_json(stored.request);
  std::string out;
  JsonWriter json(out);
  json.object();
  if (body) {
    for (const auto [key, value] : body->root().members()) json.key(key).value(value);
  }
  json.member("request_id", stored.request_id);
  for (const EchoRow& row : kEchoes) {
    const Json given = request ? request->root().find(row.of_request) : Json();
    json.key(row.name);
    if (given.has_value()) {
      json.value(given);
    } else {
      json.raw(row.fallback);
    }
  }
  write_metadata(stored.metadata, json.key("metadata"));
  json.end_object();
  return out;
}

// The pairs of ?metadata[key]=value.
Metadata metadata_filter(std::string_view query) {
  constexpr std::string_view kStart = "metadata[";
  Metadata wanted;
  for (auto& [key, value] : query_pairs(query)) {
    if (key.starts_with(kStart) && key.ends_with(']')) {
      wanted.emplace(key.substr(kStart.size(), key.size() - kStart.size() - 1), std::move(value));
    }
  }
  return wanted;
}

std::string message_json(Json message, const std::string& id) {
  const Json content = message.find("content");
  std::string out;
  JsonWriter json(out);
  json.object().member("id", id).member("role", message.find("role").string_or("user"));
  json.key("content").value(content.is_string() ? content : Json());
  json.key("name").value(message.find("name"));
  json.key("content_parts").value(content.is_array() ? content : Json());
  json.key("refusal").value(message.find("refusal"));
  if (const Json calls = message.find("tool_calls"); calls.has_value()) json.key("tool_calls").value(calls);
  if (const Json call = message.find("tool_call_id"); call.has_value()) json.key("tool_call_id").value(call);
  json.end_object();
  return out;
}

}  // namespace

void remember_completion(const Exchange& exchange, const Services& services, const Call& call, const ChatFrame& frame,
                         const Reply& reply) {
  const Json request = call.body->root();
  if (!request.find("store").bool_or(false)) return;
  StoredReply stored;
  stored.model = frame.model;
  stored.request_id = exchange.request_id;
  stored.request = to_text(request);
  stored.body = encode_chat(frame, reply);
  stored.metadata = read_metadata(request.find("metadata"));
  const std::size_t bytes = bytes_of(stored);
  services.completions.put(frame.id, std::move(stored), bytes);
}

Delivery answer_stored_completion_list(const Exchange& exchange, const Services& services) {
  const auto query = read_page_query(exchange.http.query, kUsualPage, kMostOfPage, ListOrder::Ascending);
  if (!query) return refuse(query.error(), exchange.dialect);
  const std::string asked = find_query(exchange.http.query, "model").value_or("");
  const Model* model = exchange.dialect.find_model(asked);
  const std::string shown = model != nullptr ? model->snapshot : asked;
  const Metadata wanted = metadata_filter(exchange.http.query);
  const auto page =
      services.completions.page(*query, [&](const StoredReply& stored) { return matches(stored, shown, wanted); });
  if (!page) return refuse_unknown(exchange, query->after);
  std::vector<std::string> bodies;
  for (const auto& [id, stored] : page->items) bodies.push_back(body_of(*stored));
  std::vector<ListEntry> entries;
  for (std::size_t i = 0; i < bodies.size(); ++i) entries.push_back({page->items[i].first, bodies[i]});
  return make_json(200, encode_list(entries, page->has_more));
}

Delivery answer_stored_completion_retrieve(const Exchange& exchange, const Services& services) {
  const auto stored = services.completions.find(named(exchange));
  return stored ? make_json(200, body_of(*stored)) : refuse_unknown(exchange, named(exchange));
}

Delivery answer_stored_completion_update(const Exchange& exchange, const Services& services) {
  const auto body = read_json_request(exchange);
  if (!body) return refuse(body.error(), exchange.dialect);
  std::string out;
  const auto change = [&](StoredReply& changed) {
    changed.metadata = read_metadata((*body)->root().find("metadata"));
    out = body_of(changed);
    return std::optional(bytes_of(changed));
  };
  if (!services.completions.update(named(exchange), change)) return refuse_unknown(exchange, named(exchange));
  return make_json(200, std::move(out));
}

Delivery answer_stored_completion_delete(const Exchange& exchange, const Services& services) {
  if (!services.completions.erase(named(exchange))) return refuse_unknown(exchange, named(exchange));
  std::string out;
  JsonWriter json(out);
  json.object().member("object", "chat.completion.deleted").member("id", named(exchange)).member("deleted", true);
  json.end_object();
  return make_json(200, std::move(out));
}

Delivery answer_stored_completion_messages(const Exchange& exchange, const Services& services) {
  const auto query = read_page_query(exchange.http.query, kUsualPage, kMostOfPage, ListOrder::Ascending);
  if (!query) return refuse(query.error(), exchange.dialect);
  const auto stored = services.completions.find(named(exchange));
  if (!stored) return refuse_unknown(exchange, named(exchange));
  const auto request = parse_json(stored->request);
  std::vector<std::pair<std::string, std::string>> messages;  // id and JSON
  for (const Json message : request ? request->root().find("messages").elements() : Json().elements()) {
    std::string id = named(exchange) + "-" + std::to_string(messages.size());
    std::string json = message_json(message, id);
    messages.emplace_back(std::move(id), std::move(json));
  }
  std::vector<ListEntry> entries;
  for (const auto& [id, json] : messages) entries.push_back({id, json});
  auto page = encode_page(entries, *query);
  return page ? make_json(200, std::move(*page)) : refuse_unknown(exchange, query->after);
}

}  // namespace mimus::server
