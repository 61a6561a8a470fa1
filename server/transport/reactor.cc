#include "server/transport/reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "server/transport/peer_name.h"

namespace mimus::server {
namespace {

constexpr int kDueRunsPerTurn = 128;

MonotonicTime monotonic_now() {
  return std::chrono::steady_clock::now();
}

// Often enough that the shortest deadline is kept to a quarter.
std::chrono::milliseconds sweep_interval(const TransportOptions& options) {
  const auto shortest =
      std::min({options.head_deadline, options.body_deadline, options.idle_deadline, options.hang_deadline});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(1000));
}

}  // namespace

Result<std::unique_ptr<Reactor>> Reactor::start(Shared& shared, std::function<bool(httplib::Stream&)> process) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  const int wakeup = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epoll < 0 || wakeup < 0) {
    const std::string why = std::strerror(errno);
    if (epoll >= 0) ::close(epoll);
    if (wakeup >= 0) ::close(wakeup);
    return Error{Errc::Io, "cannot make an event loop: " + why, ""};
  }
  std::unique_ptr<Reactor> reactor(new Reactor(shared, std::move(process), epoll, wakeup));
  reactor->thread_ = std::thread([r = reactor.get()] { r->loop(); });
  return reactor;
}

Reactor::Reactor(Shared& shared, std::function<bool(httplib::Stream&)> process, int epoll, int wakeup)
    : shared_(shared), process_(std::move(process)), epoll_(epoll), wakeup_(wakeup), buffer_(kHighWater) {
  mailbox_ = std::make_shared<Mailbox>([wakeup] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(wakeup, &one, sizeof one);
  });
  sweep_interval_ = sweep_interval(shared.options);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;  // a connection is never at null
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &event);
}

Reactor::~Reactor() {
  stop(monotonic_now());
  join();
  ::close(epoll_);
  ::close(wakeup_);
}

void Reactor::adopt(int socket) {
  if (mailbox_->adopt(socket)) return;
  ::close(socket);
  shared_.open.fetch_sub(1);
}

void Reactor::stop(MonotonicTime deadline) {
  stop_at_.store(std::max<MonotonicTime::rep>(deadline.time_since_epoch().count(), 1));
  mailbox_->wake({});
}

void Reactor::join() {
  if (thread_.joinable()) thread_.join();
}

void Reactor::loop() {
  mailbox_->set_owner();
  now_ = monotonic_now();
  next_sweep_ = now_;
  do {
    wait();
    run_due();
    if (now_ >= next_sweep_) sweep();
    send_posted();
    bury();
  } while (!is_finished());
  for (Letter& letter : mailbox_->close()) {
    if (letter.socket >= 0) {
      ::close(letter.socket);
      shared_.open.fetch_sub(1);
    }
    if (letter.delivery) dispose(*letter.delivery);
  }
}

// To the nanosecond where the kernel can; older ones, and sandboxes that do not know the call, round up to
// milliseconds.
int Reactor::wait_for_events(std::span<epoll_event> events, std::optional<MonotonicTime::duration> left) {
  const int room = static_cast<int>(events.size());
  if (has_fine_wait_) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(left.value_or(MonotonicTime::duration::zero()));
    const timespec timeout{seconds.count(), (left.value_or(seconds) - seconds).count()};
    const int n = ::epoll_pwait2(epoll_, events.data(), room, left ? &timeout : nullptr, nullptr);
    if (n >= 0 || (errno != ENOSYS && errno != EPERM)) return n;
    has_fine_wait_ = false;
  }
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(left.value_or(MonotonicTime::duration::zero()));
  return ::epoll_wait(epoll_, events.data(), room, left ? static_cast<int>(rounded.count()) : -1);
}

void Reactor::wait() {
  std::array<epoll_event, 256> events;
  MonotonicTime until = next_sweep_;
  if (const TimerHeap::Timer* first = timers_.earliest()) until = std::min(until, first->due);
  const bool is_empty = slots_.size() == free_slots_.size();
  // Not since now_: the turn that ends here took its time.
  const auto left = std::max(until - monotonic_now(), MonotonicTime::duration::zero());
  const int n = wait_for_events(events, is_empty ? std::nullopt : std::optional(left));
  now_ = monotonic_now();
  for (int i = 0; i < n; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) {
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t ignored = ::read(wakeup_, &count, sizeof count);
      take_letters();
    } else {
      on_event(*static_cast<Connection*>(event.data.ptr), event.events);
      if (posted_.size() >= kMostPosted) send_posted();
    }
  }
}

void Reactor::take_letters() {
  for (Letter& letter : mailbox_->take()) {
    if (letter.socket >= 0) {
      open(letter.socket);
    } else {
      deliver(std::move(letter));
    }
  }
}

// An answer that comes late, or a source that has something again; only if the connection is still at that request.
void Reactor::deliver(Letter letter) {
  Connection* c = letter.to.slot < slots_.size() ? slots_[letter.to.slot].get() : nullptr;
  const bool is_current = c != nullptr && c->serial == letter.to.serial && letter.to.serial != 0;
  if (letter.delivery) {
    if (!is_current || c->phase != Phase::Awaiting) return dispose(*letter.delivery);
    begin(*c, std::move(*letter.delivery), true);
    flush(*c);
    resume(*c, now_);
  } else if (is_current && c->phase == Phase::Sending && c->run) {
    go_on(*c);
  }
}

void Reactor::run_due() {
  for (int i = 0; i < kDueRunsPerTurn; ++i) {
    const TimerHeap::Timer* const first = timers_.earliest();
    if (first == nullptr || first->due > now_) return;
    Connection& c = *slots_[first->id];
    timers_.remove(c.slot);
    if (c.phase == Phase::Sending)
      go_on(c);
    else if (c.phase == Phase::Open)
      resume(c, now_);
    else
      part(c);
    if (posted_.size() >= kMostPosted) send_posted();
  }
}

void Reactor::sweep() {
  next_sweep_ = now_ + sweep_interval_;
  for (const std::unique_ptr<Connection>& c : slots_) {
    if (c && c->deadline_of != Connection::Deadline::None && now_ >= c->deadline) expire(*c);
  }
}

void Reactor::expire(Connection& c) {
  using Deadline = Connection::Deadline;
  if (c.deadline_of == Deadline::Head || c.deadline_of == Deadline::Body) {
    refuse(c, 408, "the request did not arrive in time");
    flush(c);
  } else {
    abandon(c, false);
  }
}

// While stopping: closes what is idle, or everything once the grace is over. True when nothing is left.
bool Reactor::is_finished() {
  const MonotonicTime::rep stop_at = stop_at_.load();
  if (stop_at == 0) return false;
  const bool is_over = now_.time_since_epoch().count() >= stop_at;
  for (const std::unique_ptr<Connection>& c : slots_) {
    if (!c || c->phase == Phase::Dead) continue;
    const bool is_idle = c->phase == Phase::Open && c->in.empty() && c->pending() == 0;
    if (is_over || is_idle || c->phase == Phase::Draining) abandon(*c, false);
  }
  bury();
  next_sweep_ = std::min(next_sweep_, MonotonicTime(MonotonicTime::duration(stop_at)));
  return slots_.size() == free_slots_.size();
}

void Reactor::open(int socket) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  slots_[slot] = std::make_unique<Connection>();
  Connection& c = *slots_[slot];
  c.socket = socket;
  c.slot = slot;
  c.remote = peer_name(socket);
  c.interest = EPOLLIN | EPOLLRDHUP;
  epoll_event event{};
  event.events = c.interest;
  event.data.ptr = &c;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) return close(c);
  if (slots_.size() - free_slots_.size() == 1) next_sweep_ = now_ + sweep_interval_;
  if (shared_.open.load() > shared_.options.max_connections) {
    refuse(c, 503, "there are too many connections");
    return flush(c);
  }
  arm(c);
}

void Reactor::close(Connection& c) {
  if (c.phase == Phase::Dead) return;
  timers_.remove(c.slot);
  if (c.is_reset) {
    const linger hard{1, 0};  // closing sends RST
    ::setsockopt(c.socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  ::close(c.socket);
  c.phase = Phase::Dead;
  dead_.push_back(c.slot);
  shared_.open.fetch_sub(1);
}

// Closes whatever is under way, and tells those who want to know.
void Reactor::abandon(Connection& c, bool client_left) {
  if (c.phase == Phase::Dead) return;
  c.run.reset();
  if (const auto on_left = std::move(c.on_left); on_left && c.phase == Phase::Awaiting) (*on_left)();
  for (Unsettled& u : c.unsettled) {
    DeliveryOutcome outcome;
    outcome.bytes = c.sent > u.begin ? std::min(c.sent, u.end) - u.begin : 0;
    outcome.first_byte = std::max(u.first_byte, Duration(0));
    outcome.last_byte = std::chrono::duration_cast<Duration>(now_ - u.received);
    outcome.client_left = client_left;
    if (c.sent >= u.end || u.ending == Ending::Hang) outcome.ending = u.ending;
    u.on_over(outcome);
  }
  c.unsettled.clear();
  close(c);
}

void Reactor::bury() {
  for (const std::uint32_t slot : dead_) {
    slots_[slot].reset();
    free_slots_.push_back(slot);
  }
  dead_.clear();
}

void Reactor::watch(Connection& c, std::uint32_t interest) {
  if (c.interest == interest) return;
  c.interest = interest;
  epoll_event event{};
  event.events = interest;
  event.data.ptr = &c;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, c.socket, &event);
}

// Chooses what epoll watches and which deadline runs, from the state that the connection has come to. A deadline that
// already runs is not prolonged: a byte now and then does not keep a slow sender alive.
void Reactor::arm(Connection& c) {
  using Deadline = Connection::Deadline;
  if (c.phase == Phase::Dead) return;
  const bool is_blocked = c.pending() > 0;
  const bool reads = c.phase == Phase::Draining ||
                     (!c.saw_end && (c.phase == Phase::Open ? c.pending() < kHighWater : c.in.size() < kHighWater));
  watch(c, (reads ? EPOLLIN : 0u) | (c.saw_end ? 0u : EPOLLRDHUP) | (is_blocked ? EPOLLOUT : 0u));

  Deadline of = Deadline::None;
  const TransportOptions& options = shared_.options;
  std::chrono::milliseconds time = options.idle_deadline;
  if (c.phase == Phase::Draining) {
    of = Deadline::Drain;
    time = c.is_half_closed ? options.hang_deadline : std::chrono::milliseconds(2000);
  } else if (c.phase == Phase::Hanging) {
    of = Deadline::Hang;
    time = options.hang_deadline;
  } else if (is_blocked) {
    of = Deadline::Write;
  } else if (c.phase == Phase::Open) {
    of = c.in.empty() ? Deadline::Idle : c.scanner.has_head() ? Deadline::Body : Deadline::Head;
    if (of == Deadline::Head) time = options.head_deadline;
    if (of == Deadline::Body) time = options.body_deadline;
  }
  if (of == c.deadline_of) return;
  c.deadline_of = of;
  c.deadline = now_ + time;
}

}  // namespace mimus::server
