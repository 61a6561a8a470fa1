// A connected, non-blocking socket, plain or TLS, for the thread executor and for what it asks of others. POSIX only.
// Used by one thread.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "server/clock.h"

namespace mimus::server {

class Wire {
 public:
  // Owns `socket`. With a context the connection speaks TLS; the handshake is part of the first read.
  Wire(int socket, SSL_CTX* tls);
  // The other side of it: we are the client, and `server` is the name that the certificate must be made out to.
  Wire(int socket, SSL_CTX* tls, const std::string& server);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // What read() and write() say when it is not a number of bytes.
  static constexpr std::ptrdiff_t kEnd = 0;     // the client sends no more
  static constexpr std::ptrdiff_t kAgain = -1;  // not now: wait()
  static constexpr std::ptrdiff_t kLost = -2;   // the connection is gone
  std::ptrdiff_t read(char* into, std::size_t size);
  std::ptrdiff_t write(std::string_view bytes);

  struct Ready {
    bool socket = false;
    bool wake = false;  // `wake` is readable
  };
  // Until the socket can go on with what last said kAgain, `wake` is readable, or `until` is there.
  Ready wait(int wake, MonotonicTime until) { return wait(wake, until, wanted_); }
  // The same, but looking out for something to read, as long as `reads`.
  Ready wait_readable(int wake, MonotonicTime until, bool reads);

  // Why TLS broke off, for people; empty when it did not, or does not say.
  [[nodiscard]] std::string tls_trouble() const;

  void finish();  // says goodbye (TLS), then FIN
  void cut();     // FIN without goodbye
  void reset();   // RST when closed

 private:
  Ready wait(int wake, MonotonicTime until, short events) const;
  std::ptrdiff_t outcome(int result);

  int socket_;
  short wanted_;
  unsigned long tls_error_ = 0;  // of OpenSSL's queue
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace mimus::server
