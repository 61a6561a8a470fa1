// The control API: endpoints about mimus itself, under /_mimus/. They are no part of any vendor's API, and requests to
// them are not in the journal. docs/control.md is the manual. Thread-safe.
#pragma once

#include <string_view>

#include "server/config.h"
#include "server/control/desk.h"
#include "server/control/worker.h"
#include "server/transport/handler.h"

namespace mimus::server {

class Control {
 public:
  // What `desk` refers to must outlive this.
  Control(const ControlOptions& options, ControlDesk desk);

  // Whether a path belongs to it: below /_mimus/, unless the control API is off.
  [[nodiscard]] bool owns(std::string_view path) const;

  // Answers, mostly later and from the control thread. One call of `respond`.
  void handle(const HttpRequest& http, const Respond& respond);

  // Answers now, on this thread: what handle() does, for tests.
  Delivery answer(const HttpRequest& http);

  // Loads the fixture files again if they changed, and tells the log. The control thread does so with --watch.
  void look_at_fixture_files();

 private:
  [[nodiscard]] std::optional<Delivery> refusal_of(const HttpRequest& http) const;

  const ControlOptions options_;
  const ControlDesk desk_;
  Worker worker_;
};

}  // namespace mimus::server
