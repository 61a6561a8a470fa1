#include "benchmarks/load/load_run.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "api/json_writer.h"

namespace mimus::load {
namespace {

constexpr int kSpareDescriptors = 32;
constexpr Nanos kUsageInterval = std::chrono::milliseconds(100);

TimePoint now() {
  return std::chrono::time_point_cast<Nanos>(std::chrono::steady_clock::now());
}

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }
  [[nodiscard]] int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

struct Connection {
  Descriptor socket;
  std::size_t written = 0;             // of the request
  std::unique_ptr<ChatStream> stream;  // from the moment the request is out
  bool is_done = false;                // the stream was whole; the socket stays open
};

// As many descriptors as the machine allows.
Result<Done> allow_descriptors(int wanted) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= static_cast<rlim_t>(wanted)) return Done{};
  return Error{Errc::BadInput,
               "needs " + std::to_string(wanted) + " descriptors, the limit is " + std::to_string(limit.rlim_cur),
               "ulimit -n"};
}

std::string request_text(const LoadPlan& plan) {
  return "POST " + plan.path + " HTTP/1.1\r\nHost: " + plan.address + ":" + std::to_string(plan.port) +
         "\r\nAuthorization: Bearer " + plan.key +
         "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: " +
         std::to_string(plan.body.size()) + "\r\n\r\n" + plan.body;
}

std::chrono::milliseconds own_cpu() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& t) { return std::chrono::milliseconds(t.tv_sec * 1000 + t.tv_usec / 1000); };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

class Run {
 public:
  Run(const LoadPlan& plan, const sockaddr_in& address)
      : plan_(plan),
        address_(address),
        request_(request_text(plan)),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        buffer_(64 * 1024) {
    connections_.resize(static_cast<std::size_t>(plan.streams));
    result_.streams = plan.streams;
  }

  Result<LoadResult> run();

 private:
  [[nodiscard]] TimePoint start_of(int i) const { return begin_ + plan_.ramp * i / std::max(1, plan_.streams); }
  void start_due();
  void open(Connection& c);
  void write_request(Connection& c);
  void read_reply(Connection& c);
  void end(Connection& c, StreamFailure failure);
  void watch_server();
  bool wait();

  const LoadPlan& plan_;
  const sockaddr_in address_;
  const std::string request_;
  Descriptor epoll_;
  std::vector<char> buffer_;
  std::vector<Connection> connections_;
  LoadResult result_;
  TimePoint begin_{};
  TimePoint next_usage_{};
  int started_ = 0;
  int open_ = 0;
  std::int64_t largest_usage_ = 0;
};

Result<LoadResult> Run::run() {
  if (epoll_.get() < 0) return Error{Errc::Io, std::strerror(errno), "epoll_create1"};
  if (plan_.server) result_.server_before = find_process_usage(*plan_.server);
  const auto cpu = own_cpu();
  begin_ = now();
  while ((started_ < plan_.streams || open_ > 0) && now() < begin_ + plan_.timeout) {
    start_due();
    watch_server();
    if (!wait()) return Error{Errc::Io, std::strerror(errno), "epoll_pwait2"};
  }
  for (Connection& c : connections_) {
    if (c.socket.get() >= 0 && !c.is_done) end(c, StreamFailure::Timeout);
  }
  result_.ends[static_cast<int>(StreamFailure::Timeout)] += plan_.streams - started_;
  result_.took = now() - begin_;
  result_.client_cpu = own_cpu() - cpu;
  if (plan_.server) result_.server_after = find_process_usage(*plan_.server);
  result_.tokens_due = largest_usage_ * plan_.streams;
  return std::move(result_);
}

void Run::start_due() {
  while (started_ < plan_.streams && start_of(started_) <= now()) {
    result_.start_lag.record((now() - start_of(started_)).count());
    open(connections_[static_cast<std::size_t>(started_++)]);
  }
}

void Run::open(Connection& c) {
  ++open_;
  result_.most_open = std::max(result_.most_open, open_);
  c.socket = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(c.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(c.socket.get(), reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0 &&
      errno != EINPROGRESS) {
    return end(c, StreamFailure::Connect);
  }
  epoll_event event{EPOLLOUT, {.ptr = &c}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, c.socket.get(), &event);
}

void Run::write_request(Connection& c) {
  const TimePoint at = now();
  const ssize_t sent = send(c.socket.get(), request_.data() + c.written, request_.size() - c.written, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN) end(c, StreamFailure::Connect);
    return;
  }
  c.written += static_cast<std::size_t>(sent);
  if (c.written < request_.size()) return;
  c.stream = std::make_unique<ChatStream>(plan_.schedule, at, result_.lateness);
  epoll_event event{EPOLLIN, {.ptr = &c}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, c.socket.get(), &event);
}

void Run::read_reply(Connection& c) {
  const ssize_t got = recv(c.socket.get(), buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got > 0) {
    c.stream->feed({buffer_.data(), static_cast<std::size_t>(got)}, now());
  } else {
    c.stream->finish();
  }
  if (c.stream->is_over()) end(c, c.stream->failure());
}

void Run::end(Connection& c, StreamFailure failure) {
  --open_;
  ++result_.ends[static_cast<int>(failure)];
  if (c.stream) {
    result_.tokens += c.stream->tokens();
    largest_usage_ = std::max(largest_usage_, c.stream->counted_by_usage());
  }
  c.stream.reset();
  c.is_done = failure == StreamFailure::None;
  if (!c.is_done) return c.socket.close();
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, c.socket.get(), nullptr);  // and stays open, as in a client's pool
}

void Run::watch_server() {
  if (!plan_.server || open_ < result_.most_open || now() < next_usage_) return;
  next_usage_ = now() + kUsageInterval;
  result_.server_full = find_process_usage(*plan_.server);
}

// Waits for the next start, the next reading of the server, or the sockets, and serves these. False: errno tells.
bool Run::wait() {
  TimePoint until = std::min(begin_ + plan_.timeout, now() + kUsageInterval);
  if (started_ < plan_.streams) until = std::min(until, start_of(started_));
  const std::int64_t ns = std::max<std::int64_t>(0, (until - now()).count());
  const timespec timeout{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
  epoll_event events[256];
  const int ready = epoll_pwait2(epoll_.get(), events, std::size(events), &timeout, nullptr);
  if (ready < 0) return errno == EINTR;
  for (int i = 0; i < ready; ++i) {
    Connection& c = *static_cast<Connection*>(events[i].data.ptr);
    if (c.stream) {
      read_reply(c);
    } else {
      write_request(c);
    }
  }
  return true;
}

}  // namespace

std::string chat_body(const std::string& model, const std::string& prompt, int max_tokens) {
  std::string body;
  JsonWriter json(body);
  json.object()
      .member("model", model)
      .key("messages")
      .array()
      .object()
      .member("role", "user")
      .member("content", prompt);
  json.end_object().end_array().member("stream", true).member("max_tokens", max_tokens);
  json.key("stream_options").object().member("include_usage", true).end_object().end_object();
  return body;
}

Result<LoadResult> run_load(const LoadPlan& plan) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(plan.port);
  if (inet_pton(AF_INET, plan.address.c_str(), &address.sin_addr) != 1) {
    return Error{Errc::BadInput, "expected a numeric IPv4 address, found \"" + plan.address + "\"", "address"};
  }
  if (const auto allowed = allow_descriptors(plan.streams + kSpareDescriptors); !allowed) return allowed.error();
  return Run(plan, address).run();
}

}  // namespace mimus::load
