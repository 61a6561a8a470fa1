#include "server/transport/front.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "server/transport/http_grammar.h"

namespace mimus::server {
namespace {

// Which request this thread is at: httplib offers no way to hand anything through process_request.
struct Current {
  Passage* passage = nullptr;
  bool was_called = false;
  bool has_thrown = false;
};
thread_local Current current;

// A target without scheme and host, which clients send that take us for a proxy (RFC 9112, 3.2.2).
std::string_view local_part(std::string_view target) {
  if (!target.starts_with("http://") && !target.starts_with("https://")) return target;
  target.remove_prefix(target.find("//") + 2);
  const std::size_t end = target.find_first_of("/?");
  return end == std::string_view::npos ? "/" : target.substr(end);
}

// Whether the handler returned. The last net: a bug in a handler costs one request, not the server.
bool call(Passage& passage) {
  try {
    passage.handler(passage.request, std::move(passage.respond));
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

httplib::Server::HandlerResponse hand_over(const httplib::Request&, httplib::Response& response) {
  response.status = 200;
  current.was_called = true;
  current.has_thrown = !call(*current.passage);
  return httplib::Server::HandlerResponse::Handled;
}

int pass(Passage& passage, const std::function<bool(httplib::Stream&)>& process, AcceptedLines& accepted) {
  const HttpRequest& request = passage.request;
  if (accepted.has(request.method, request.path)) return call(passage) ? 0 : 500;
  const std::string line = std::string(request.method).append(" ").append(request.path).append(" HTTP/1.1\r\n\r\n");
  compat::MemoryStream stream(line);
  current = {&passage, false, false};
  process(stream);
  current.passage = nullptr;
  if (!current.was_called) return stream.status() >= 400 ? stream.status() : 400;
  accepted.add(request.method, request.path);
  return current.has_thrown ? 500 : 0;
}

Result<int> bind_server(httplib::Server& server, const std::string& host, int port) {
  server.set_socket_options([](socket_t socket) {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  });
  server.set_tcp_nodelay(true);
  errno = 0;
  const int bound = port == 0 ? server.bind_to_any_port(host) : (server.bind_to_port(host, port) ? port : -1);
  if (bound > 0) return bound;
  const std::string why = errno != 0 ? std::strerror(errno) : "no such address";
  return Error{Errc::Io, "cannot listen here: " + why, host + ":" + std::to_string(port)};
}

void read_head(std::string_view head, HttpRequest& request) {
  std::size_t end = head.find("\r\n");
  const std::string_view line = head.substr(0, end);
  const std::size_t first = line.find(' ');
  const std::size_t second = line.rfind(' ');
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, second - first - 1);
  const std::string_view local = local_part(request.target);
  const std::size_t question = local.find('?');
  request.path = question == 0 ? "/" : local.substr(0, question);
  request.query = question == std::string_view::npos ? std::string_view() : local.substr(question + 1);
  request.headers.clear();
  while (true) {
    const std::size_t begin = end + 2;
    end = head.find("\r\n", begin);
    if (end == std::string_view::npos || end == begin) return;
    const std::string_view field = head.substr(begin, end - begin);
    const std::size_t colon = field.find(':');
    request.headers.push_back({field.substr(0, colon), trim_blanks(field.substr(colon + 1))});
  }
}

}  // namespace mimus::server
