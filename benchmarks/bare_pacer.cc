// The limit for paced streams, as nginx is for whole replies: one loop that sends the same frame to every connection
// when it is due, without a thought for what was asked. Nothing of mimus is in it, so what it is late by, on a machine
// and at a moment, no server can be expected to do better. The measured part of scripts/bench, for mimus_load_client.
// A request counts as read with its first bytes; a client that does not read fast enough is given up.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <queue>
#include <string>
#include <string_view>

namespace {

using Clock = std::chrono::steady_clock;

std::string chunk(const std::string& data) {
  std::array<char, 20> size;
  std::snprintf(size.data(), size.size(), "%zx\r\n", data.size());
  return size.data() + data + "\r\n";
}

// As many bytes as a chunk of mimus has.
std::string frame(const std::string& delta) {
  std::string data =
      R"(data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":)" + delta + R"(}],"pad":")";
  data.append(325 - data.size(), 'x').append("\"}\n\n");
  return chunk(data);
}

class Pacer {
 public:
  Pacer(int tokens, std::chrono::milliseconds delay)
      : delay_(delay),
        tokens_(tokens),
        head_("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
              frame(R"({"role":"assistant","content":""})")),
        token_(frame(R"({"content":" bird"})")),
        tail_(frame("{}") + chunk("data: {\"usage\":{\"completion_tokens\":" + std::to_string(tokens) + "}}\n\n") +
              chunk("data: [DONE]\n\n") + "0\r\n\r\n") {}

  // The port, or -1.
  int listen() {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || ::listen(listener_, 4096) != 0) return -1;
    watch(listener_);
    return getsockname(listener_, any, &size) == 0 ? ntohs(address.sin_port) : -1;
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events;
    while (true) {
      const auto left =
          due_.empty() ? std::chrono::hours(1) : std::max(due_.top().at - Clock::now(), Clock::duration(0));
      const timespec timeout{left / std::chrono::seconds(1),
                             left % std::chrono::seconds(1) / std::chrono::nanoseconds(1)};
      const int ready = epoll_pwait2(epoll_, events.data(), events.size(), &timeout, nullptr);
      for (int i = 0; i < ready; ++i) events[i].data.fd == listener_ ? accept_all() : read(events[i].data.fd);
      while (!due_.empty() && due_.top().at <= Clock::now()) send_next();
    }
  }

 private:
  struct Stream {
    Clock::time_point at;  // of the next token
    int socket;
    int sent;
    bool operator<(const Stream& other) const { return at > other.at; }  // the earliest on top
  };

  void watch(int socket) const {
    epoll_event event{EPOLLIN, {.fd = socket}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }

  void accept_all() {
    int socket = 0;
    while ((socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
      const int on = 1;
      setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watch(socket);
    }
  }

  void read(int socket) {
    std::array<char, 4096> buffer;
    if (recv(socket, buffer.data(), buffer.size(), 0) <= 0) {
      close(socket);
    } else if (give(socket, head_)) {
      due_.push({Clock::now(), socket, 0});
    }
  }

  void send_next() {
    Stream stream = due_.top();
    due_.pop();
    const bool is_last = ++stream.sent == tokens_;
    if (!give(stream.socket, token_) || (is_last && !give(stream.socket, tail_)) || is_last) return;
    stream.at += delay_;
    due_.push(stream);
  }

  static bool give(int socket, std::string_view bytes) {
    return send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }

  const std::chrono::milliseconds delay_;
  const int tokens_;
  const std::string head_, token_, tail_;
  int epoll_ = -1;
  int listener_ = -1;
  std::priority_queue<Stream> due_;
};

int number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const int tokens = argc == 3 ? number(argv[1]) : 0;
  const int delay = argc == 3 ? number(argv[2]) : 0;
  if (tokens < 1 || delay < 1) {
    std::fputs("usage: mimus_bare_pacer TOKENS DELAY_MS: answers every request on 127.0.0.1 with such a stream\n",
               stderr);
    return 2;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  Pacer pacer(tokens, std::chrono::milliseconds(delay));
  const int port = pacer.listen();
  if (port < 0) {
    std::perror("mimus_bare_pacer: listen");
    return 3;
  }
  std::printf("http://127.0.0.1:%d\n", port);
  std::fflush(stdout);
  pacer.run();
}
