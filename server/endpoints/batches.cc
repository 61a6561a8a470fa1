#include "server/endpoints/batches.h"

#include <algorithm>

#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/batch_work.h"
#include "server/endpoints/file_object.h"
#include "server/endpoints/json_body.h"
#include "server/endpoints/query.h"
#include "server/endpoints/refuse.h"
#include "server/ids.h"
#include "server/state/batch_store.h"
#include "server/synth/digest.h"

namespace mimus::server {
namespace {

constexpr std::chrono::hours kLife{24};
constexpr std::size_t kUsualOfList = 20;
constexpr std::size_t kMostOfList = 100;

void write_errors(const std::vector<BatchError>& errors, JsonWriter& json) {
  json.key("errors");
  if (errors.empty()) {
    json.null();
    return;
  }
  json.object().member("object", "list").key("data").array();
  for (const BatchError& error : errors) {
    json.object().member("code", error.code).member("message", error.message).key("param");
    error.param ? json.string(*error.param) : json.null();
    json.key("line");
    error.line ? json.integer(static_cast<std::int64_t>(*error.line)) : json.null();
    json.end_object();
  }
  json.end_array().end_object();
}

void write_id(std::string_view name, const std::string& id, JsonWriter& json) {
  json.key(name);
  id.empty() ? json.null() : json.string(id);
}

void write_batch(const BatchInfo& batch, JsonWriter& json) {
  json.object().member("id", batch.id).member("object", "batch").member("endpoint", batch.endpoint);
  write_errors(batch.errors, json);
  json.member("input_file_id", batch.input_file_id).member("completion_window", batch.completion_window);
  json.member("status", name_of(batch.status));
  write_id("output_file_id", batch.output_file_id, json);
  write_id("error_file_id", batch.error_file_id, json);
  const BatchTimes& times = batch.times;
  write_time("created_at", times.created, json);
  write_time("in_progress_at", times.in_progress, json);
  write_time("expires_at", times.expires, json);
  write_time("finalizing_at", times.finalizing, json);
  write_time("completed_at", times.completed, json);
  write_time("failed_at", times.failed, json);
  write_time("expired_at", times.expired, json);
  write_time("cancelling_at", times.cancelling, json);
  write_time("cancelled_at", times.cancelled, json);
  json.key("request_counts").object().member("total", static_cast<std::int64_t>(batch.total));
  json.member("completed", static_cast<std::int64_t>(batch.completed));
  json.member("failed", static_cast<std::int64_t>(batch.failed)).end_object();
  json.key("metadata").raw(batch.metadata).end_object();
}

Delivery show(const BatchInfo& batch) {
  std::string out;
  JsonWriter json(out);
  write_batch(batch, json);
  return make_json(200, std::move(out));
}

Delivery refuse_unknown(std::string_view id, const Exchange& exchange) {
  return refuse({"batch_not_found", {{"id", echo(id)}}}, exchange.dialect);
}

Result<BatchInfo, Refusal> read_batch(const Exchange& exchange, const Services& services) {
  const auto document = read_json_request(exchange);
  if (!document) return document.error();
  const Json body = (*document)->root();
  BatchInfo batch;
  batch.endpoint = body.find("endpoint").string_or("");
  const std::vector<std::string> allowed = batch_endpoints(exchange.dialect);
  if (std::find(allowed.begin(), allowed.end(), batch.endpoint) == allowed.end()) {
    return Refusal{"invalid_value",
                   {{"param", "endpoint"}, {"value", echo(batch.endpoint)}, {"allowed", quoted_list(allowed, "and")}}};
  }
  batch.id = services.ids.next(Digest(services.seed).add("batch").add(body).value()).make(IdKind::Batch);
  batch.input_file_id = body.find("input_file_id").string_or("");
  batch.completion_window = body.find("completion_window").string_or("");
  batch.metadata = body.find("metadata").has_value() ? to_text(body.find("metadata")) : "null";
  if (const Json expiry = body.find("output_expires_after"); expiry.has_value()) {
    batch.output_life = std::chrono::seconds(expiry.find("seconds").int_or(0));
  }
  batch.times.created = services.clock.now();
  batch.times.expires = batch.times.created + kLife;
  return batch;
}

}  // namespace

Delivery answer_batches_create(const Exchange& exchange, const Services& services) {
  const auto batch = read_batch(exchange, services);
  if (!batch) return refuse(batch.error(), exchange.dialect);
  const auto file = services.files.find(batch->input_file_id, services.clock.now());
  if (!services.batches.put(*batch, file ? file->content : nullptr)) {
    const std::string limit = std::to_string(services.batches.caps().bytes);
    const std::string found = std::to_string(file ? file->content->size() : 0);
    return refuse({"body_too_large", {{"limit", limit}, {"found", found}}}, exchange.dialect);
  }
  return show(*batch);
}

Delivery answer_batches_list(const Exchange& exchange, const Services& services) {
  const auto query = read_page_query(exchange.http.query, kUsualOfList, kMostOfList, ListOrder::Descending);
  if (!query) return refuse(query.error(), exchange.dialect);
  const auto page = services.batches.page(*query);
  if (!page) return refuse_unknown(query->after, exchange);
  std::string out;
  JsonWriter json(out);
  json.object().member("object", "list").key("data").array();
  for (const BatchInfo& batch : page->items) write_batch(batch, json);
  const bool is_empty = page->items.empty();
  finish_list(is_empty ? "" : page->items.front().id, is_empty ? "" : page->items.back().id, page->has_more, json);
  return make_json(200, std::move(out));
}

Delivery answer_batches_retrieve(const Exchange& exchange, const Services& services) {
  const std::string& id = exchange.path_values.front().second;
  const auto found = services.batches.find(id);
  if (!found) return refuse_unknown(id, exchange);
  if (is_final(found->status)) return show(*found);
  const auto moved = services.batches.step(id, services.clock.now(), {}, batch_work(exchange, services, *found));
  return moved ? show(*moved) : refuse_unknown(id, exchange);
}

// A batch that is cancelled, or about to be, stays so; one that is over otherwise cannot be.
Delivery answer_batches_cancel(const Exchange& exchange, const Services& services) {
  const std::string& id = exchange.path_values.front().second;
  bool is_accepted = false;
  const auto batch = services.batches.cancel(id, services.clock.now(), is_accepted);
  if (!batch) return refuse_unknown(id, exchange);
  const bool is_stopped = batch->status == BatchStatus::Cancelling || batch->status == BatchStatus::Cancelled;
  if (is_accepted || is_stopped) return show(*batch);
  return refuse({"batch_not_cancellable", {{"status", std::string(name_of(batch->status))}}}, exchange.dialect);
}

}  // namespace mimus::server
