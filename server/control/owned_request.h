// A request that outlives the call in which it came: for answering it on another thread.
#pragma once

#include <string>
#include <vector>

#include "server/http_request.h"

namespace mimus::server {

class OwnedRequest {
 public:
  explicit OwnedRequest(const HttpRequest& http)
      : method_(http.method), target_(http.target), body_(http.body), remote_(http.remote), received_(http.received) {
    for (const HeaderView& header : http.headers) {
      headers_.push_back({std::string(header.name), std::string(header.value)});
    }
  }

  // Valid as long as this is.
  [[nodiscard]] HttpRequest view() const {
    HttpRequest http;
    http.method = method_;
    http.target = target_;
    const std::string_view target = target_;
    const std::size_t question = target.find('?');
    http.path = target.substr(0, question);
    if (question != std::string_view::npos) http.query = target.substr(question + 1);
    for (const Header& header : headers_) http.headers.push_back({header.name, header.value});
    http.body = body_;
    http.remote = remote_;
    http.received = received_;
    return http;
  }

 private:
  std::string method_;
  std::string target_;
  std::string body_;
  std::string remote_;
  std::vector<Header> headers_;
  MonotonicTime received_;
};

}  // namespace mimus::server
