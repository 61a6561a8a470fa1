#include "benchmarks/load/load_thread.h"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace mimus::load {
namespace {

// To be woken for each token would cost as much as to read it, and the server on the same cores could not use that
// time. A token is read by so much later at most, which counts as its lateness.
constexpr std::chrono::microseconds kLooksApart(500);

TimePoint now() {
  return std::chrono::steady_clock::now();
}

std::string request_text(const LoadPlan& plan) {
  return "POST " + plan.path + " HTTP/1.1\r\nHost: " + plan.address + ":" + std::to_string(plan.port) +
         "\r\nAuthorization: Bearer " + plan.key +
         "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: " +
         std::to_string(plan.body.size()) + "\r\n\r\n" + plan.body;
}

}  // namespace

LoadThread::LoadThread(const LoadPlan& plan, const sockaddr_in& server, LoadShare share, OpenStreams& open)
    : plan_(plan),
      server_(server),
      share_(share),
      all_open_(open),
      request_(request_text(plan)),
      buffer_(64 * 1024),
      connections_(static_cast<std::size_t>((plan.streams - share.first + share.step - 1) / share.step)) {}

Result<LoadTally> LoadThread::run(TimePoint begin) {
  epoll_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
  if (epoll_.get() < 0) return Error{Errc::Io, std::strerror(errno), "epoll_create1"};
  begin_ = begin;
  while ((!has_started_all() || open_ > 0) && now() < begin_ + plan_.timeout) {
    start_due();
    if (!wait()) return Error{Errc::Io, std::strerror(errno), "epoll_pwait2"};
  }
  for (Connection& c : connections_) {
    if (c.socket.get() >= 0 && !c.is_done) end(c, StreamFailure::Timeout);
  }
  tally_.ends[static_cast<int>(StreamFailure::Timeout)] += static_cast<int>(connections_.size() - started_);
  return std::move(tally_);
}

TimePoint LoadThread::next_start() const {
  const int stream = share_.first + static_cast<int>(started_) * share_.step;
  return begin_ + plan_.ramp * stream / std::max(1, plan_.streams);
}

void LoadThread::start_due() {
  while (!has_started_all() && next_start() <= now()) {
    tally_.start_lag.record((now() - next_start()).count());
    open(connections_[started_++]);
  }
}

void LoadThread::open(Connection& c) {
  ++open_;
  all_open_.opened();
  c.socket = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(c.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(c.socket.get(), reinterpret_cast<const sockaddr*>(&server_), sizeof server_) != 0 &&
      errno != EINPROGRESS) {
    return end(c, StreamFailure::Connect);
  }
  epoll_event event{EPOLLOUT, {.ptr = &c}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, c.socket.get(), &event);
}

void LoadThread::write_request(Connection& c) {
  const TimePoint at = now();
  const ssize_t sent = send(c.socket.get(), request_.data() + c.written, request_.size() - c.written, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN) end(c, StreamFailure::Connect);
    return;
  }
  c.written += static_cast<std::size_t>(sent);
  if (c.written < request_.size()) return;
  c.stream = std::make_unique<ChatStream>(plan_.schedule, at, tally_.lateness);
  epoll_event event{EPOLLIN, {.ptr = &c}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, c.socket.get(), &event);
}

void LoadThread::read_reply(Connection& c) {
  const ssize_t got = recv(c.socket.get(), buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got > 0) {
    c.stream->feed({buffer_.data(), static_cast<std::size_t>(got)}, now());
  } else {
    c.stream->finish();
  }
  if (c.stream->is_over()) end(c, c.stream->failure());
}

void LoadThread::end(Connection& c, StreamFailure failure) {
  --open_;
  all_open_.ended();
  ++tally_.ends[static_cast<int>(failure)];
  if (c.stream) {
    tally_.tokens += c.stream->tokens();
    tally_.largest_usage = std::max(tally_.largest_usage, c.stream->counted_by_usage());
  }
  c.stream.reset();
  c.is_done = failure == StreamFailure::None;
  if (!c.is_done) return c.socket.close();
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, c.socket.get(), nullptr);  // and stays open, as in a client's pool
}

// Waits for the next start or the sockets, and serves these. False: errno tells.
bool LoadThread::wait() {
  TimePoint until = begin_ + plan_.timeout;
  if (!has_started_all()) until = std::min(until, next_start());
  std::this_thread::sleep_until(std::min(until, looked_ + kLooksApart));
  const std::int64_t ns = std::max<std::int64_t>(0, (until - now()).count());
  const timespec timeout{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
  epoll_event events[256];
  const int ready = epoll_pwait2(epoll_.get(), events, std::size(events), &timeout, nullptr);
  if (ready < 0) return errno == EINTR;
  if (ready < static_cast<int>(std::size(events))) looked_ = now();  // otherwise there is more
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

}  // namespace mimus::load
