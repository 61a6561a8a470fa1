// One TCP connection, plain or TLS, whose every wait ends at a deadline. Not thread-safe; one owner.
// Nothing is retried and no signal is raised when the peer goes away.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "conformance/client/recording.h"
#include "conformance/target.h"

namespace mimus::conformance {

// When a wait ends: at a time, or as soon as `interrupt`, a file descriptor, can be read (-1: none).
struct Deadline {
  std::chrono::steady_clock::time_point at;
  int interrupt = -1;
};

enum class IoStatus { Ok, Closed, Reset, TimedOut };  // an interrupt counts as TimedOut

class TlsSession;

class Connection {
 public:
  struct Opened;
  // Connects to `target` before `deadline`; every address of the name is tried in turn. Looking the name up can take
  // longer than the deadline, for the system's resolver does not take one.
  static Opened open(const Target& target, Deadline deadline);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends all of `bytes`. Reset when the peer stopped listening; it may still have answered, see read().
  IoStatus write(std::string_view bytes, Deadline deadline);
  // Waits for bytes and appends what came, at most 64 KiB.
  IoStatus read(std::string& out, Deadline deadline);

 private:
  Connection();
  friend class TlsSession;
  IoStatus wait(short events, Deadline deadline) const;
  IoStatus write_plain(std::string_view bytes, Deadline deadline);
  IoStatus read_plain(std::string& out, Deadline deadline);

  int socket_ = -1;
  std::unique_ptr<TlsSession> tls_;
};

struct Connection::Opened {
  std::unique_ptr<Connection> connection;  // nullptr: see the others
  Ending ending = Ending::Complete;        // ConnectFailed, TlsFailed or TimedOut
  std::string problem;
};

}  // namespace mimus::conformance
