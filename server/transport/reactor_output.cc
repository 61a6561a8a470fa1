// The half of the reactor that writes: from Deliveries to bytes.
#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "server/transport/reactor.h"

namespace mimus::server {

// Starts the reply to the request of `c`. What is due goes to the batch; the caller flushes.
void Reactor::begin(Connection& c, Delivery delivery, bool stays_open) {
  DeliveryRun run(std::move(delivery), c.traits, c.received,
                  stays_open && stop_at_.load(std::memory_order_relaxed) == 0, shared_.options.cors);
  if (auto on_over = run.take_on_over()) {
    c.unsettled.push_back({std::move(on_over), c.queued, Unsettled::kOpen, c.received, Duration(-1)});
  }
  c.phase = Phase::Sending;
  c.on_left.reset();
  if (run.has_source()) {
    run.on_ready([mailbox = mailbox_, to = Address{c.slot, c.serial}] { mailbox->wake(to); });
  }
  if (advance(c, run)) {
    finish(c, run);
  } else {
    c.run = std::make_unique<DeliveryRun>(std::move(run));
  }
}

// Lets the run produce what is due. True: it is over.
bool Reactor::advance(Connection& c, DeliveryRun& run) {
  const std::size_t before = batch_.size();
  const std::size_t pending = c.pending() + before;
  const DeliveryRun::Step step = run.advance(now_, batch_, kHighWater - std::min(kHighWater, pending), spare_frame_);
  if (spare_frame_.bytes.capacity() > kHighWater) std::string().swap(spare_frame_.bytes);  // seldom
  c.queued += batch_.size() - before;
  c.is_full = step == DeliveryRun::Step::Full;
  if (step == DeliveryRun::Step::Due) timers_.set(c.slot, run.due());
  return step == DeliveryRun::Step::Over;
}

void Reactor::finish(Connection& c, const DeliveryRun& run) {
  const Ending ending = run.ending();
  if (!c.unsettled.empty() && c.unsettled.back().end == Unsettled::kOpen) c.unsettled.back().ending = ending;
  if (ending == Ending::Hang) {
    c.phase = Phase::Hanging;  // and not over before the client leaves
    return;
  }
  if (!c.unsettled.empty() && c.unsettled.back().end == Unsettled::kOpen) c.unsettled.back().end = c.queued;
  c.is_reset = ending == Ending::Reset;
  c.is_half_closed = ending == Ending::HalfClose;
  c.phase = ending == Ending::Clean && run.keeps_connection() ? Phase::Open : Phase::Parting;
}

// The next piece of a run: its time has come, there is room again, or its source woke up.
void Reactor::go_on(Connection& c) {
  if (advance(c, *c.run)) {
    finish(c, *c.run);
    c.run.reset();
  }
  flush(c);
  resume(c, now_);
}

// Gives the batch to its connection, which is served at the end of the turn.
void Reactor::flush(Connection& c) {
  if (!batch_.empty() && c.phase != Phase::Dead) {
    if (c.out.empty()) {
      c.out.swap(batch_);
      batch_ = take_spare();
    } else {
      c.out.append(batch_);
    }
  }
  batch_.clear();
  if (c.is_posted) return;
  c.is_posted = true;
  posted_.push_back(&c);
}

// Sends what this turn has made. Sending one by one, as it is made, would wake the client for each: with many
// connections that costs more than all else in a request.
void Reactor::send_posted() {
  for (Connection* const posted : posted_) {
    Connection& c = *posted;
    c.is_posted = false;
    if (c.phase == Phase::Dead) continue;
    if ((c.interest & EPOLLOUT) == 0) transmit(c);  // otherwise writable() does, when there is room
    if (c.phase != Phase::Dead) after_sending(c);
  }
  posted_.clear();
}

void Reactor::after_sending(Connection& c) {
  if (!c.unsettled.empty()) settle(c);
  if (c.saw_end && c.phase == Phase::Open && !c.is_full) c.phase = Phase::Parting;
  if (c.pending() == 0 && c.phase == Phase::Parting) return part(c);
  if (c.is_full && c.pending() < kHighWater) timers_.set(c.slot, now_);  // in the next turn: others want theirs too
  arm(c);
}

// One send() of what waits. A lost connection is abandoned.
void Reactor::transmit(Connection& c) {
  if (c.pending() == 0) return;
  const ssize_t n = ::send(c.socket, c.out.data() + c.out_sent, c.pending(), MSG_NOSIGNAL);
  if (n < 0) {
    if (errno != EAGAIN && errno != EINTR) {
      now_ = std::chrono::steady_clock::now();
      abandon(c, true);
    }
    return;
  }
  const auto taken = static_cast<std::size_t>(n);
  c.sent += taken;
  c.out_sent += taken;
  bytes_out_.fetch_add(taken, std::memory_order_relaxed);
  if (c.pending() == 0) {
    keep_spare(std::exchange(c.out, {}));
    c.out_sent = 0;
  } else if (c.out_sent >= kHighWater) {
    c.out.erase(0, c.out_sent);
    c.out_sent = 0;
  }
}

// Strings go round, for their capacity: an idle connection holds none.
std::string Reactor::take_spare() {
  if (spares_.empty()) return {};
  std::string spare = std::move(spares_.back());
  spares_.pop_back();
  return spare;
}

void Reactor::keep_spare(std::string used) {
  if (spares_.size() >= kMostPosted || used.capacity() > kHighWater / 4) return;
  used.clear();
  spares_.push_back(std::move(used));
}

void Reactor::writable(Connection& c) {
  const std::uint64_t before = c.sent;
  transmit(c);
  if (c.phase == Phase::Dead) return;
  if (c.sent > before) disarm(c);  // the client reads: its deadline begins anew
  after_sending(c);
}

// Reports the deliveries whose last byte the kernel has taken.
void Reactor::settle(Connection& c) {
  const Unsettled& first = c.unsettled.front();
  if (first.first_byte >= Duration(0) && c.sent < first.end) return;  // in the middle of a stream, as mostly
  const MonotonicTime now = std::chrono::steady_clock::now();
  std::size_t settled = 0;
  for (Unsettled& u : c.unsettled) {
    if (c.sent <= u.begin && u.end != u.begin) break;  // one without a byte (a fault) is over at once
    const Duration since = std::chrono::duration_cast<Duration>(now - u.received);
    if (u.first_byte < Duration(0)) u.first_byte = since;
    if (c.sent < u.end) break;
    u.on_over({.bytes = u.end - u.begin, .first_byte = u.first_byte, .last_byte = since, .ending = u.ending});
    ++settled;
  }
  c.unsettled.erase(c.unsettled.begin(), c.unsettled.begin() + static_cast<std::ptrdiff_t>(settled));
}

// All is sent and the connection is to end. FIN first, and then patience: closing with unread data would be a RST,
// which may take the reply from the client's hands.
void Reactor::part(Connection& c) {
  if (c.is_reset) return reset(c);
  if (c.saw_end) return close(c);
  ::shutdown(c.socket, SHUT_WR);
  c.phase = Phase::Draining;
  std::string().swap(c.in);  // what is assigned would keep its memory
  arm(c);
}

// RST, once the client has acknowledged what was sent (it would be thrown away otherwise), but not later than a second.
void Reactor::reset(Connection& c) {
  if (c.deadline_of != Connection::Deadline::Drain) {
    c.deadline_of = Connection::Deadline::Drain;
    c.deadline = now_ + std::chrono::seconds(1);
  }
  int unacknowledged = 0;
  const bool is_known = ::ioctl(c.socket, SIOCOUTQ, &unacknowledged) == 0;
  if (is_known && unacknowledged > 0 && now_ < c.deadline)
    return timers_.set(c.slot, now_ + std::chrono::milliseconds(1));
  close(c);
}

}  // namespace mimus::server
