// What all threads of one running transport share.
#pragma once

#include <atomic>
#include <utility>

#include "server/transport/http_server.h"

namespace mimus::server {

struct Shared {
  Shared(TransportOptions given, Handler to) : options(std::move(given)), handler(std::move(to)) {}

  const TransportOptions options;
  const Handler handler;

  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> open{0};
  std::atomic<std::uint64_t> refused{0};

  // What the transport says by itself; always closes.
  [[nodiscard]] Delivery error(int status, std::string_view reason) const {
    Delivery delivery;
    if (options.on_error) {
      delivery = options.on_error(status, reason);
    } else {
      delivery.status = status;
      delivery.headers.push_back({"Content-Type", "text/plain"});
      delivery.body.append(reason).append("\n");
    }
    delivery.ending = Ending::Close;
    return delivery;
  }
};

}  // namespace mimus::server
