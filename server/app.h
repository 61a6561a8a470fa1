// The server without its sockets: it wires the stages, and handle() is the map of the whole. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "server/clock.h"
#include "server/config.h"
#include "server/control/control.h"
#include "server/delivery.h"
#include "server/endpoints/response_state.h"
#include "server/http_request.h"
#include "server/ids.h"
#include "server/journal/traffic.h"
#include "server/limits/limits.h"
#include "server/log.h"
#include "server/record/relay.h"
#include "server/router.h"
#include "server/scripting.h"
#include "server/services.h"
#include "server/state/batch_store.h"
#include "server/state/file_store.h"
#include "server/state/upload_store.h"
#include "server/transport/handler.h"

namespace mimus::server {

class App {
 public:
  // Loads the dialects and fixtures, and opens the recording. Errors: one of them is unknown or wrong. `log` must
  // outlive the app.
  static Result<std::unique_ptr<App>> create(const AppOptions& options, Log& log);

  // Answers one request: always exactly one call of `respond`. Never blocks.
  void handle(const HttpRequest& http, const Respond& respond);

  // Nothing more will come: live tails of the journal end, so that stopping the transport need not wait for them.
  void end_tails() { traffic_.journal.end_listening(); }
  // Fixtures that no request has hit, as "NAME (where it stands)".
  [[nodiscard]] std::vector<std::string> unused_fixtures() const;

  // What the transport itself refuses (a broken head, a body too large), in the shape of the first dialect. `limit`:
  // the bytes that were too few, where that is the reason.
  [[nodiscard]] Delivery refuse_transport(int status, std::string_view reason, std::size_t limit);

  // The server's time, to be moved by tests, and its state, to be looked at.
  Clock& clock() { return clock_; }
  [[nodiscard]] const Services& services() const { return services_; }

 private:
  using Dialects = std::vector<std::unique_ptr<const Dialect>>;
  App(const AppOptions& options, Log& log, Dialects dialects, std::unique_ptr<Limits> limits);

  Delivery ask_endpoint(const Exchange& exchange, Answer endpoint);
  void relay(const HttpRequest& http, std::string request_id, Notes notes, const Respond& respond);
  Delivery answer_limited(const Limits::Counter& counter, const Exchange& exchange, Answer endpoint);
  Delivery answer(const HttpRequest& http, std::string_view request_id, Notes& notes);
  Delivery answer_route(const HttpRequest& http, const RouteMatch& route, std::string_view request_id, Notes& notes);
  void finish(const HttpRequest& http, std::string request_id, const Notes& notes, Delivery& delivery);
  [[nodiscard]] bool is_filtered(const Notes& notes) const;

  Log& log_;
  std::vector<std::string> api_keys_;
  Dialects dialects_;
  Clock clock_;
  IdSource ids_;
  Scripting scripting_;
  FileStore files_;
  UploadStore uploads_;
  BatchStore batches_;
  ReplyStore completions_;
  ResponseState responses_;
  std::unique_ptr<Limits> limits_;  // never null
  Traffic traffic_;
  std::shared_ptr<const DeliveryFilter> filter_;  // may be null
  std::atomic<std::uint64_t> requests_ = 0;       // so far: their ids count up from the seed
  Services services_;
  Router router_;
  Control control_;               // its thread uses all the others
  std::unique_ptr<Relay> relay_;  // null: nothing is relayed. The last one: its threads use all the others
};

}  // namespace mimus::server
