// The half of the reactor that reads: from bytes to requests to answers.
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

#include "server/transport/cors.h"
#include "server/transport/reactor.h"
#include "server/transport/receive.h"

namespace mimus::server {

void Reactor::on_event(Connection& c, std::uint32_t events) {
  if (c.phase == Phase::Dead) return;
  if ((events & (EPOLLHUP | EPOLLERR)) != 0) return abandon(c, c.phase != Phase::Draining);
  if ((events & EPOLLIN) != 0) readable(c);
  if ((events & EPOLLOUT) != 0 && c.phase != Phase::Dead) writable(c);
  if ((events & EPOLLRDHUP) != 0 && c.phase != Phase::Dead && !c.saw_end) see_end(c);
}

// The client has sent FIN. A reply that takes time is not worth sending any more; one that is complete still leaves.
void Reactor::see_end(Connection& c) {
  if (c.phase == Phase::Awaiting || c.phase == Phase::Sending || c.phase == Phase::Hanging) return abandon(c, true);
  if (c.pending() == 0 && !timers_.holds(c.slot)) return abandon(c, false);
  c.saw_end = true;
  if (c.phase == Phase::Open && !c.is_full) c.phase = Phase::Parting;
  arm(c);
}

void Reactor::readable(Connection& c) {
  const auto [n, arrived] = receive(c.socket, buffer_, now_);
  if (n < 0) {
    if (errno != EAGAIN && errno != EINTR) abandon(c, true);
    return;
  }
  if (n == 0) return see_end(c);
  const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(n));
  if (c.phase == Phase::Open) {
    if (c.in.empty()) {  // the usual case: nothing is copied
      const std::size_t used = understand(c, bytes, arrived);
      if (c.phase != Phase::Dead) store(c, bytes.substr(used));
      flush(c);
    } else {
      store(c, bytes);
      resume(c, arrived);
    }
  } else if (c.phase == Phase::Awaiting || c.phase == Phase::Sending) {
    store(c, bytes);  // requests sent ahead wait for their turn
    arm(c);
  }
}

void Reactor::store(Connection& c, std::string_view bytes) {
  c.in.append(bytes);
}

// Goes on with what has been received before, and complete since `received`.
void Reactor::resume(Connection& c, MonotonicTime received) {
  if (c.phase != Phase::Open || c.in.empty()) return;
  std::string in = std::move(c.in);  // handlers see views of it
  c.in.clear();
  const std::size_t used = understand(c, in, received);
  if (c.phase == Phase::Dead) return;
  if (used == 0) {
    c.in = std::move(in);
  } else {
    c.in.assign(in, used);
    c.in.shrink_to_fit();
  }
  flush(c);
}

// Answers the complete requests in `bytes`, as far as answers follow at once. How many bytes are done with.
std::size_t Reactor::understand(Connection& c, std::string_view bytes, MonotonicTime received) {
  std::size_t used = 0;
  c.is_full = false;
  while (c.phase == Phase::Open && used < bytes.size()) {
    c.is_full = c.pending() + batch_.size() >= kHighWater;
    if (c.is_full) break;
    const std::string_view rest = bytes.substr(used);
    const RequestScanner::State state = c.scanner.scan(rest, shared_.options.limits);
    if (state == RequestScanner::State::NeedMore) {
      if (c.scanner.take_expects_continue()) {
        constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        batch_.append(kContinue);
        c.queued += kContinue.size();
      }
      break;
    }
    if (state == RequestScanner::State::Refused) {
      refuse(c, c.scanner.status(), c.scanner.reason());
      return bytes.size();
    }
    serve(c, rest, received);
    used += c.scanner.size();
    c.scanner = {};
  }
  return used;
}

void Reactor::serve(Connection& c, std::string_view bytes, MonotonicTime received) {
  requests_.fetch_add(1, std::memory_order_relaxed);
  disarm(c);
  c.traits = c.scanner.traits();
  c.received = received;
  c.serial = ++serial_;
  c.phase = Phase::Awaiting;
  read_head(c.scanner.head(bytes), request_);
  request_.body = c.scanner.body(bytes);
  request_.remote = c.remote;
  request_.received = received;
  request_.left = &on_left_;
  if (shared_.options.cors && is_preflight(request_)) return begin(c, preflight_reply(request_), true);

  const Address address{c.slot, c.serial};
  mailbox_->begin_inline(address);
  Passage passage{request_, shared_.handler,
                  [mailbox = mailbox_, address](Delivery&& d) { mailbox->respond(address, std::move(d)); }};
  const int refusal = pass(passage, process_, accepted_);
  std::optional<Delivery> answer = mailbox_->end_inline();
  if (on_left_) {
    if (!answer) c.on_left = std::make_unique<std::function<void()>>(std::move(on_left_));
    on_left_ = nullptr;
  }
  if (answer) {
    begin(c, std::move(*answer), true);
  } else if (refusal != 0) {
    refuse(c, refusal, refusal == 500 ? "the server failed to answer" : "the request line is not acceptable");
  }
}

void Reactor::refuse(Connection& c, int status, std::string_view reason) {
  shared_.refused.fetch_add(1, std::memory_order_relaxed);
  c.traits = c.scanner.traits();
  c.received = now_;
  c.serial = ++serial_;
  std::string().swap(c.in);
  disarm(c);
  begin(c, shared_.error(status, reason), false);
}

}  // namespace mimus::server
