#include "server/endpoints/batch_work.h"

#include <algorithm>
#include <array>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/error_body.h"
#include "server/endpoints/chat_request.h"
#include "server/endpoints/image_reply.h"
#include "server/ids.h"
#include "server/state/file_store.h"
#include "server/synth/digest.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

// Source: OpenAI API reference, batches; in the order in which the real API lists them.
struct BatchOperation {
  std::string_view operation;
  std::string_view title;     // "Chat Completions"
  std::string_view required;  // a member beside the model that the real API misses before it runs anything
};
constexpr std::array<BatchOperation, 7> kOperations = {{
    {"chat.completions", "Chat Completions", "messages"},
    {"completions", "Completions", ""},
    {"embeddings", "Embeddings", ""},
    {"responses", "Responses", ""},
    {"moderations", "Moderations", ""},
    {"images.generations", "Images", ""},
    {"images.edits", "Images", ""},
}};

const Endpoint* endpoint_at(const Dialect& dialect, std::string_view path) {
  const auto found = std::find_if(dialect.endpoints.begin(), dialect.endpoints.end(), [&](const Endpoint& endpoint) {
    return endpoint.path == path && endpoint.method == "POST";
  });
  return found == dialect.endpoints.end() ? nullptr : &*found;
}

const BatchOperation* operation_of(const Endpoint& endpoint) {
  const auto found = std::find_if(kOperations.begin(), kOperations.end(),
                                  [&](const BatchOperation& row) { return row.operation == endpoint.operation; });
  return found == kOperations.end() ? nullptr : &*found;
}

Answer answer_of(const Endpoint& endpoint) {
  for (const EndpointRow& row : all_endpoints()) {
    if (row.operation == endpoint.operation) return row.answer;
  }
  return nullptr;
}

// What the endpoint sent, as a client would have it: the whole body at once.
BatchReply reply_of(Delivery delivery, std::string request_id, const Dialect& dialect) {
  std::string body = std::move(delivery.body);
  if (delivery.frames) {
    body.clear();
    for (const Frame& frame : collect(*delivery.frames)) body += frame.bytes;
  }
  if (delivery.on_over) delivery.on_over({});
  const bool is_whole = delivery.ending == Ending::Clean || delivery.ending == Ending::Close;
  if (!is_whole || !is_utf8(body)) {
    return {500, std::move(request_id), encode_error(dialect.error("server_error"), dialect.error_members)};
  }
  if (!parse_json(body)) {
    std::string quoted;
    JsonWriter(quoted).string(body);
    body = std::move(quoted);
  }
  while (!body.empty() && body.back() == '\n') body.pop_back();
  return {delivery.status, std::move(request_id), std::move(body)};
}

// Errors of one batch's requests, and what they are.
class Work {
 public:
  Work(const Exchange& exchange, const Services& services, const BatchInfo& batch)
      : exchange_(exchange),
        services_(services),
        batch_(batch),
        endpoint_(endpoint_at(exchange.dialect, batch.endpoint)),
        path_(std::string(mount_prefix(exchange)) + batch.endpoint) {}

  [[nodiscard]] BatchReply execute(const BatchRequest& request) const {
    const Digest digest = Digest(services_.seed).add(batch_.id).add(request.custom_id);
    const std::string request_id = Ids(digest.value()).make(IdKind::Request);
    const Answer answer = endpoint_ == nullptr ? nullptr : answer_of(*endpoint_);
    if (answer == nullptr) return reply_of({}, request_id, exchange_.dialect);  // was refused when it was created
    HttpRequest http;
    http.method = "POST";
    http.target = http.path = path_;
    http.headers = {{"content-type", "application/json"},
                    {"host", exchange_.http.header("host")},
                    {"x-mimus-test", exchange_.http.header("x-mimus-test")}};
    http.body = request.body;
    http.received = exchange_.http.received;
    return reply_of(answer({http, exchange_.dialect, *endpoint_, {}, exchange_.api_key, request_id}, services_),
                    request_id, exchange_.dialect);
  }

  [[nodiscard]] std::string save_file(std::string_view kind, std::string content) const {
    StoredFile file;
    file.id = services_.ids.next(Digest(services_.seed).add(batch_.id).add(kind).value()).make(IdKind::File);
    file.filename = batch_.id + "_" + std::string(kind) + ".jsonl";
    file.purpose = "batch_output";
    file.content = std::make_shared<const std::string>(std::move(content));
    file.created = services_.clock.now();
    if (batch_.output_life) file.expires = file.created + *batch_.output_life;
    return services_.files.put(file) ? file.id : std::string();
  }

  [[nodiscard]] std::optional<BatchError> check_body(Json body) const {
    const BatchOperation* row = endpoint_ == nullptr ? nullptr : operation_of(*endpoint_);
    if (row == nullptr) return std::nullopt;
    if (body.find("stream").bool_or(false)) {
      return BatchError{"streaming_unsupported",
                        std::string(row->title) + ": Streaming is not supported in the Batch API.",
                        "body.stream",
                        {}};
    }
    const std::string_view model = bare_model_name(body.find("model").string_or(""));
    if (model.empty() && endpoint_->default_models.empty()) {
      return BatchError{"invalid_request", "Model parameter is required.", "body.model", {}};
    }
    const bool is_known = exchange_.dialect.accepts_unknown_models || exchange_.dialect.find_model(model) != nullptr;
    if (!model.empty() && !is_known) {
      return BatchError{"model_not_found",
                        "The provided model '" + echo(model) + "' is not supported by the Batch API.",
                        "body.model",
                        {}};
    }
    if (row->required.empty() || body.find(row->required).has_value()) return std::nullopt;
    return BatchError{"invalid_request", "Messages parameter is required.", "body." + std::string(row->required), {}};
  }

 private:
  const Exchange& exchange_;
  const Services& services_;
  const BatchInfo batch_;
  const Endpoint* endpoint_;
  const std::string path_;
};

}  // namespace

std::vector<std::string> batch_endpoints(const Dialect& dialect) {
  std::vector<std::string> paths;
  for (const BatchOperation& row : kOperations) {
    const Endpoint* endpoint = dialect.find_endpoint(row.operation);
    if (endpoint != nullptr) paths.push_back(endpoint->path);
  }
  return paths;
}

BatchWork batch_work(const Exchange& exchange, const Services& services, const BatchInfo& batch) {
  const auto work = std::make_shared<const Work>(exchange, services, batch);  // shared by the three functions
  return {[work](const BatchRequest& request) { return work->execute(request); },
          [work](std::string_view kind, std::string content) { return work->save_file(kind, std::move(content)); },
          [work](Json body) { return work->check_body(body); }};
}

}  // namespace mimus::server
