// One request as the transport read it, complete. A view: everything is valid only during the call that hands it over.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/header.h"
#include "server/clock.h"

namespace mimus::server {

struct HeaderView {
  std::string_view name;
  std::string_view value;
};

struct HttpRequest {
  std::string_view method;          // "POST"
  std::string_view target;          // as sent: "/v1/models?limit=3"
  std::string_view path;            // the target up to '?', still percent-encoded
  std::string_view query;           // behind '?', without it
  std::vector<HeaderView> headers;  // in the order of arrival
  std::string_view body;            // decoded from chunks, not from a Content-Encoding
  std::string_view remote;          // "127.0.0.1:53412"
  // Where a handler that answers later may leave what is to be called, once, from a thread of the transport, when the
  // client goes away before that. Null: nobody would call it.
  std::function<void()>* left = nullptr;
  MonotonicTime received{};  // when the request was complete; due times of its Delivery count from here

  // The first header of this name (any case); empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const HeaderView& h : headers) {
      if (equal_ignoring_case(h.name, name)) return h.value;
    }
    return {};
  }
};

}  // namespace mimus::server
