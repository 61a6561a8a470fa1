#include "server/transport/thread_connection.h"

#include <algorithm>
#include <array>

#include "server/transport/cors.h"
#include "server/transport/peer_name.h"

namespace mimus::server {
namespace {

constexpr std::size_t kHighWater = 64 * 1024;

MonotonicTime monotonic_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

ThreadConnection::ThreadConnection(Shared& shared, ThreadCounters& counters, int socket, SSL_CTX* tls,
                                   std::function<bool(httplib::Stream&)> process)
    : shared_(shared),
      counters_(counters),
      process_(std::move(process)),
      remote_(peer_name(socket)),
      wire_(socket, tls) {
  mailbox_ = std::make_shared<Mailbox>([this] { pipe_.wake(); });
}

void ThreadConnection::run(bool is_refused) {
  mailbox_->set_owner();
  begun_ = monotonic_now();
  if (is_refused || pipe_.reading_end() < 0) {
    refuse(503, "there are too many connections");
  } else {
    while (serve_one()) {
    }
  }
  if (!client_left_ && !is_silent_) drain();
  for (Letter& letter : mailbox_->close()) {
    if (letter.delivery) dispose(*letter.delivery);
  }
  if (answer_) dispose(*answer_);
}

// When the client must have done its part.
MonotonicTime ThreadConnection::deadline() const {
  const TransportOptions& options = shared_.options;
  if (in_.empty()) return begun_ + options.idle_deadline;
  return begun_ + (scanner_.has_head() ? options.body_deadline : options.head_deadline);
}

MonotonicTime ThreadConnection::cut_at() const {
  const MonotonicTime::rep at = counters_.stop_at.load();
  return at == 0 ? MonotonicTime::max() : MonotonicTime(MonotonicTime::duration(at));
}

// Reads and answers one request. False: the connection is to end.
bool ThreadConnection::serve_one() {
  scanner_ = {};
  begun_ = monotonic_now();
  bool had_head = false;
  while (true) {
    const RequestScanner::State state =
        in_.empty() ? RequestScanner::State::NeedMore : scanner_.scan(in_, shared_.options.limits);
    if (state == RequestScanner::State::Complete) break;
    if (state == RequestScanner::State::Refused) return refuse(scanner_.status(), scanner_.reason());
    if (scanner_.take_expects_continue() && !write_all("HTTP/1.1 100 Continue\r\n\r\n")) return false;
    if (scanner_.has_head() && !had_head) begun_ = monotonic_now();
    had_head = scanner_.has_head();
    const bool was_idle = in_.empty();
    const Got got = fill(deadline());
    if (got == Got::Timeout && !was_idle) return refuse(408, "the request did not arrive in time");
    if (got != Got::Bytes) return false;
    if (was_idle) begun_ = monotonic_now();
  }
  received_ = monotonic_now();
  counters_.requests.fetch_add(1, std::memory_order_relaxed);
  std::optional<Delivery> answer = ask();
  in_.erase(0, scanner_.size());
  if (in_.empty()) in_ = {};
  return answer && send_delivery(*std::move(answer), true);
}

// Waits for bytes of a request.
ThreadConnection::Got ThreadConnection::fill(MonotonicTime until) {
  std::array<char, 16384> bytes;
  while (true) {
    const std::ptrdiff_t n = wire_.read(bytes.data(), bytes.size());
    if (n > 0) {
      in_.append(bytes.data(), static_cast<std::size_t>(n));
      return Got::Bytes;
    }
    if (n != Wire::kAgain) {
      client_left_ = true;
      return Got::Gone;
    }
    const MonotonicTime now = monotonic_now();
    if (now >= cut_at() || (counters_.stop_at.load() != 0 && in_.empty())) return Got::Stop;
    if (now >= until) return Got::Timeout;
    if (wire_.wait(pipe_.reading_end(), std::min(until, cut_at())).wake) take_letters();
  }
}

// Has the request answered, and waits for the answer if need be. None: the client has left.
std::optional<Delivery> ThreadConnection::ask() {
  HttpRequest request;
  read_head(scanner_.head(in_), request);
  request.body = scanner_.body(in_);
  request.remote = remote_;
  request.received = received_;
  std::function<void()> on_left;
  request.left = &on_left;
  if (shared_.options.cors && is_preflight(request)) return preflight_reply(request);
  const Address address{0, ++serial_};
  mailbox_->begin_inline(address);
  Passage passage{request, shared_.handler,
                  [mailbox = mailbox_, address](Delivery&& d) { mailbox->respond(address, std::move(d)); }};
  const int refusal = pass(passage, process_, accepted_);
  std::optional<Delivery> answer = mailbox_->end_inline();
  if (answer) return answer;
  if (refusal != 0) {
    shared_.refused.fetch_add(1);
    return shared_.error(refusal,
                         refusal == 500 ? "the server failed to answer" : "the request line is not acceptable");
  }
  std::optional<Delivery> later = await();
  if (!later && on_left) on_left();
  return later;
}

std::optional<Delivery> ThreadConnection::await() {
  awaited_ = serial_;
  while (!answer_ && pause(MonotonicTime::max())) {
  }
  awaited_ = 0;
  return std::exchange(answer_, std::nullopt);
}

bool ThreadConnection::refuse(int status, std::string_view reason) {
  shared_.refused.fetch_add(1);
  received_ = monotonic_now();
  send_delivery(shared_.error(status, reason), false);
  return false;
}

// Sends all of it as it falls due. True: the connection may go on.
bool ThreadConnection::send_delivery(Delivery delivery, bool stays_open) {
  DeliveryRun run(std::move(delivery), scanner_.traits(), received_, stays_open && counters_.stop_at.load() == 0,
                  shared_.options.cors);
  const auto on_over = run.take_on_over();
  outcome_ = {};
  if (run.has_source()) {
    run.on_ready([mailbox = mailbox_, to = Address{0, serial_}] { mailbox->wake(to); });
  }
  const bool is_out = execute(run);
  const bool goes_on = is_out && end(run);
  run.drop_source();
  outcome_.client_left = client_left_;
  if (is_out) outcome_.ending = run.ending();
  if (on_over) on_over(outcome_);
  return goes_on;
}

// False: the client left, or the server stops.
bool ThreadConnection::execute(DeliveryRun& run) {
  std::string out;
  Frame spare;
  while (true) {
    out.clear();
    const DeliveryRun::Step step = run.advance(monotonic_now(), out, kHighWater, spare);
    if (!out.empty() && !write_all(out)) return false;
    if (step == DeliveryRun::Step::Over) return true;
    // Writing may have waited, and then has taken the letter that says that there is more.
    if (step == DeliveryRun::Step::Full || !out.empty()) continue;
    if (!pause(step == DeliveryRun::Step::Due ? run.due() : MonotonicTime::max())) return false;
  }
}

bool ThreadConnection::write_all(std::string_view bytes) {
  const MonotonicTime until = std::min(monotonic_now() + shared_.options.idle_deadline, cut_at());
  while (!bytes.empty()) {
    const std::ptrdiff_t n = wire_.write(bytes);
    if (n == Wire::kLost) {
      client_left_ = true;
      return false;
    }
    if (n == Wire::kAgain) {
      if (monotonic_now() >= until) return false;
      if (wire_.wait(pipe_.reading_end(), until).wake) take_letters();
      continue;
    }
    const Duration since = std::chrono::duration_cast<Duration>(monotonic_now() - received_);
    if (outcome_.bytes == 0) outcome_.first_byte = since;
    outcome_.last_byte = since;
    outcome_.bytes += static_cast<std::uint64_t>(n);
    counters_.bytes_out.fetch_add(static_cast<std::uint64_t>(n), std::memory_order_relaxed);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Waits until then, or until something wakes us, with an eye on the client. False: it left, or the server cuts.
bool ThreadConnection::pause(MonotonicTime until) {
  if (monotonic_now() >= cut_at()) return false;
  const Wire::Ready ready =
      wire_.wait_readable(pipe_.reading_end(), std::min(until, cut_at()), in_.size() < kHighWater);
  if (ready.wake) take_letters();
  if (ready.socket) read_ahead();
  return !client_left_;
}

// Always all of them: the mailbox tells of the first letter only.
void ThreadConnection::take_letters() {
  pipe_.clear();
  for (Letter& letter : mailbox_->take()) {
    if (!letter.delivery) continue;
    if (letter.to.serial == awaited_ && !answer_) {
      answer_ = std::move(letter.delivery);
    } else {
      dispose(*letter.delivery);
    }
  }
}

// Requests sent ahead are kept for later.
void ThreadConnection::read_ahead() {
  std::array<char, 4096> bytes;
  const std::ptrdiff_t n = wire_.read(bytes.data(), bytes.size());
  if (n > 0) {
    in_.append(bytes.data(), static_cast<std::size_t>(n));
  } else if (n != Wire::kAgain) {
    client_left_ = true;
  }
}

// Carries out the ending. True: the connection may carry another request.
bool ThreadConnection::end(const DeliveryRun& run) {
  switch (run.ending()) {
    case Ending::Clean:
      return run.keeps_connection();
    case Ending::Close:
      return false;
    case Ending::HalfClose:
      patience_ = shared_.options.hang_deadline;
      wire_.cut();
      return false;
    case Ending::Cut:
      wire_.cut();
      return false;
    case Ending::Reset:
      wire_.reset();
      is_silent_ = true;
      return false;
    case Ending::Hang: {
      const MonotonicTime until = monotonic_now() + shared_.options.hang_deadline;
      while (monotonic_now() < until && pause(until)) {
      }
      is_silent_ = true;
      return false;
    }
  }
  return false;
}

// FIN first, and then patience: closing with unread data would be a RST.
void ThreadConnection::drain() {
  wire_.finish();
  std::array<char, 4096> bytes;
  const MonotonicTime until = monotonic_now() + patience_;
  while (monotonic_now() < until && counters_.stop_at.load() == 0) {
    const std::ptrdiff_t n = wire_.read(bytes.data(), bytes.size());
    if (n == Wire::kEnd || n == Wire::kLost) return;
    if (n == Wire::kAgain && wire_.wait(pipe_.reading_end(), until).wake) take_letters();
  }
}

}  // namespace mimus::server
