// The HTTP front: httplib binds, accepts, parses the request line and routes; its pre-routing handler calls ours.
// httplib is given the request line alone. The fields were checked by the scanner and reach the handler as views of the
// bytes received, since httplib percent-decodes their values, loses their order, answers a bad Range by itself and, for
// Accept-Encoding, compresses (0.11: 0.8 ms a reply).
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "api/result.h"
#include "server/http_request.h"
#include "server/transport/handler.h"
#include "server/transport/httplib_compat.h"

namespace mimus::server {

// One request on its way through httplib.
struct Passage {
  const HttpRequest& request;
  const Handler& handler;
  Respond respond;
};

// The request lines that httplib has accepted. Whether it does depends on method and path alone, and most clients send
// few different ones, so it is asked once for each. Used by one thread; capped: when it is full, it begins anew.
class AcceptedLines {
 public:
  [[nodiscard]] bool has(std::string_view method, std::string_view path) const {
    return lines_.contains(Views(path, method));
  }
  void add(std::string_view method, std::string_view path) {
    constexpr std::size_t kMost = 256;
    constexpr std::size_t kLongest = 256;  // bytes
    if (method.size() + path.size() > kLongest) return;
    if (lines_.size() >= kMost) lines_.clear();
    lines_.emplace(path, method);
  }

 private:
  using Views = std::pair<std::string_view, std::string_view>;
  struct Less {
    using is_transparent = void;
    bool operator()(const Views& a, const Views& b) const { return a < b; }
  };
  std::set<std::pair<std::string, std::string>, Less> lines_;  // path, method
};

// The pre-routing handler: hands the Passage of this thread to its handler.
httplib::Server::HandlerResponse hand_over(const httplib::Request& request, httplib::Response& response);

// Runs `passage` through `process`, which is some server's, or past it when it has accepted the line before. 0: the
// handler was called; 500: it threw; else the status with which httplib refused.
int pass(Passage& passage, const std::function<bool(httplib::Stream&)>& process, AcceptedLines& accepted);

// Binds to host:port (0 finds a free one). The port, or an Error that names the place.
// Shares the port with nobody: httplib's default would let two servers split the connections.
Result<int> bind_server(httplib::Server& server, const std::string& host, int port);

// Splits a complete, scanned head (with its empty line) into views of it.
void read_head(std::string_view head, HttpRequest& request);

}  // namespace mimus::server
