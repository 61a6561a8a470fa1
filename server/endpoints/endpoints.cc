// The list of endpoints: one line each. A new one is its own file and a line here.
#include <array>

#include "server/endpoints/chat.h"
#include "server/endpoints/endpoint.h"
#include "server/endpoints/models.h"

namespace mimus::server {

std::span<const EndpointRow> all_endpoints() {
  static constexpr std::array kRows = {
      EndpointRow{"chat.completions", answer_chat},
      EndpointRow{"models.list", answer_models_list},
      EndpointRow{"models.retrieve", answer_models_retrieve},
  };
  return kRows;
}

}  // namespace mimus::server
