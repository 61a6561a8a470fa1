// One connection of the thread executor: a thread reads a request, has it answered, sends the Delivery, and so on.
// POSIX only. It does what the reactor does, with two differences: an Ending::Reset does not wait until the client has
// acknowledged what was sent, so the last bytes may be lost on a slow network; and under TLS, Ending::Cut and
// Ending::Reset end the connection without the goodbye of TLS (close_notify), which is what a broken network looks
// like.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "server/transport/delivery_run.h"
#include "server/transport/front.h"
#include "server/transport/mailbox.h"
#include "server/transport/shared_state.h"
#include "server/transport/wake_pipe.h"
#include "server/transport/wire.h"

namespace mimus::server {

struct ThreadCounters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> bytes_out{0};
  std::atomic<MonotonicTime::rep> stop_at{0};  // 0: runs on
};

class ThreadConnection {
 public:
  ThreadConnection(Shared& shared, ThreadCounters& counters, int socket, SSL_CTX* tls,
                   std::function<bool(httplib::Stream&)> process);

  // The whole life of the connection; on its own thread. `is_refused`: only says that there are too many.
  void run(bool is_refused);
  // Makes it look at stop_at. Any thread.
  void wake() { mailbox_->wake({}); }

 private:
  enum class Got { Bytes, Timeout, Gone, Stop };

  bool serve_one();
  Got fill(MonotonicTime until);
  std::optional<Delivery> ask();
  std::optional<Delivery> await();
  bool refuse(int status, std::string_view reason);
  bool send_delivery(Delivery delivery, bool stays_open);
  bool execute(DeliveryRun& run);
  bool write_all(std::string_view bytes);
  bool pause(MonotonicTime until);
  void read_ahead();
  void take_letters();
  bool end(const DeliveryRun& run);
  void drain();
  [[nodiscard]] MonotonicTime deadline() const;
  [[nodiscard]] MonotonicTime cut_at() const;

  Shared& shared_;
  ThreadCounters& counters_;
  std::function<bool(httplib::Stream&)> process_;
  AcceptedLines accepted_;
  std::string remote_;
  Wire wire_;
  WakePipe pipe_;
  std::shared_ptr<Mailbox> mailbox_;  // shared with every Respond that is still out
  RequestScanner scanner_;
  std::string in_;
  std::optional<Delivery> answer_;
  std::uint64_t serial_ = 0;
  std::uint64_t awaited_ = 0;  // the serial whose answer may still come
  MonotonicTime received_{};
  MonotonicTime begun_{};  // since when the deadline of the present stage runs
  DeliveryOutcome outcome_;
  std::chrono::milliseconds patience_{2000};  // with a client that does not close, once FIN is sent
  bool client_left_ = false;
  bool is_silent_ = false;  // the end is not to be polite: cut or reset
};

}  // namespace mimus::server
