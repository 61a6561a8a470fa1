// The routes of the control API. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "server/control/desk.h"

namespace mimus::server {

struct ControlRoute {
  ControlAnswer answer = nullptr;
  std::string_view id;    // a view into the path
  bool is_open = false;   // needs no token: probes have none
  bool is_quick = false;  // may be answered by the thread that asks
  std::string allowed;    // when only the method is wrong: "GET, POST"
};

// `path` is what follows /_mimus/. HEAD is routed like GET.
ControlRoute find_control_route(std::string_view method, std::string_view path);

}  // namespace mimus::server
