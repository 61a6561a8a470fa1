#include "server/endpoints/stored_responses.h"

#include <charconv>
#include <limits>
#include <utility>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/encode/response_body.h"
#include "server/encode/response_stream.h"
#include "server/endpoints/item_list.h"
#include "server/endpoints/query.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/response_state.h"

namespace mimus::server {
namespace {

constexpr std::size_t kUsualPage = 20;
constexpr std::size_t kMostOfPage = 100;

// Some of the frames of another source: those from `first` on, `count` of them.
class SomeFrames final : public FrameSource {
 public:
  SomeFrames(std::unique_ptr<FrameSource> frames, std::int64_t first, std::int64_t count)
      : frames_(std::move(frames)), skip_(first), left_(count) {}

  Pull next(Frame& frame) override {
    for (; skip_ > 0 && left_ > 0; --skip_, --left_) {
      if (frames_->next(frame) != Pull::Ready) return Pull::End;
    }
    return left_-- > 0 ? frames_->next(frame) : Pull::End;
  }

 private:
  std::unique_ptr<FrameSource> frames_;
  std::int64_t skip_;
  std::int64_t left_;  // of all, the skipped ones among them
};

const std::string& named(const Exchange& exchange) {
  return exchange.path_values.front().second;
}

Refusal not_found(const Exchange& exchange) {
  return {"response_not_found", {{"id", echo(named(exchange))}}};
}

Result<std::shared_ptr<const StoredResponse>, Refusal> find_response(const Exchange& exchange,
                                                                     const Services& services) {
  if (!named(exchange).starts_with("resp")) {
    return Refusal{"id_prefix", {{"param", "response_id"}, {"value", echo(named(exchange))}, {"prefix", "resp"}}};
  }
  auto found = services.responses.responses.find(named(exchange));
  if (!found) return not_found(exchange);
  return found;
}

std::string body_of(const StoredResponse& response, WallTime now) {
  if (response.is_cancelled) return encode_pending_response(response.frame, PendingStatus::Cancelled);
  const bool is_ready = !response.frame.background || now >= response.ready;
  return is_ready ? encode_response(response.frame, response.reply)
                  : encode_pending_response(response.frame, PendingStatus::InProgress);
}

// A whole number in the query, from 0; nothing when it is not there.
Result<std::optional<std::int64_t>, Refusal> read_count(std::string_view query, std::string_view name) {
  const auto text = find_query(query, name);
  if (!text) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc() && end == text->data() + text->size() && value >= 0) return std::optional(value);
  return Refusal{"invalid_query",
                 {{"param", std::string(name)}, {"expected", "an integer from 0"}, {"value", echo(*text)}}};
}

Delivery stream_again(const Exchange& exchange, const StoredResponse& response) {
  constexpr std::int64_t kBeforeItems = 3;  // created, queued, in_progress: all that there is of a cancelled one
  const auto after = read_count(exchange.http.query, "starting_after");
  if (!after) return refuse(after.error(), exchange.dialect);
  const bool pads = exchange.dialect.style.obfuscation &&
                    find_query(exchange.http.query, "include_obfuscation").value_or("true") != "false";
  const StreamOptions options{false, pads, Pace(), response.frame.ids.seed()};
  const std::int64_t first = *after ? **after + 1 : 0;
  const std::int64_t count = response.is_cancelled ? kBeforeItems : std::numeric_limits<std::int64_t>::max();
  return make_event_stream(
      std::make_unique<SomeFrames>(make_response_stream(response.frame, response.reply, options), first, count),
      Duration(0));
}

}  // namespace

Delivery answer_responses_retrieve(const Exchange& exchange, const Services& services) {
  const auto response = find_response(exchange, services);
  if (!response) return refuse(response.error(), exchange.dialect);
  if (find_query(exchange.http.query, "stream").value_or("false") == "true") return stream_again(exchange, **response);
  return make_json(200, body_of(**response, services.clock.now()));
}

Delivery answer_responses_delete(const Exchange& exchange, const Services& services) {
  const auto response = find_response(exchange, services);
  if (!response) return refuse(response.error(), exchange.dialect);
  if (!services.responses.responses.erase(named(exchange))) return refuse(not_found(exchange), exchange.dialect);
  std::string out;
  JsonWriter json(out);
  json.object().member("id", named(exchange)).member("object", "response").member("deleted", true).end_object();
  return make_json(200, std::move(out));
}

Delivery answer_responses_cancel(const Exchange& exchange, const Services& services) {
  const auto response = find_response(exchange, services);
  if (!response) return refuse(response.error(), exchange.dialect);
  if (!(*response)->frame.background) return refuse({"cancel_synchronous", {}}, exchange.dialect);
  const WallTime now = services.clock.now();
  std::string body;
  const auto cancel = [&](StoredResponse& changed) {
    if (now < changed.ready) changed.is_cancelled = true;
    body = body_of(changed, now);
    return std::optional(bytes_of(changed));
  };
  if (!services.responses.responses.update(named(exchange), cancel)) {
    return refuse(not_found(exchange), exchange.dialect);
  }
  return make_json(200, std::move(body));
}

Delivery answer_responses_input_items(const Exchange& exchange, const Services& services) {
  const auto response = find_response(exchange, services);
  if (!response) return refuse(response.error(), exchange.dialect);
  const auto query = read_page_query(exchange.http.query, kUsualPage, kMostOfPage, ListOrder::Descending);
  if (!query) return refuse(query.error(), exchange.dialect);
  std::vector<ListEntry> entries;
  for (const SharedItem& item : (*response)->input) entries.push_back({item->id, item->json});
  auto page = encode_page(entries, *query);
  if (!page) return refuse({"item_not_found", {{"id", echo(query->after)}}}, exchange.dialect);
  return make_json(200, std::move(*page));
}

}  // namespace mimus::server
