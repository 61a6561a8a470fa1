// The log of a server: one access line per request, and talk about the server itself, on stderr.
// Lines never hold a key or a prompt, and nothing that a client sends begins one: what takes several lines goes on
// behind "  | ", other control characters are shown as "?". Thread-safe; a line costs no system call of its own: a
// writer thread collects lines for a few milliseconds. Warnings and errors are written at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace mimus::server {

enum class LogLevel { Debug, Info, Warn, Error, Off };
enum class LogFormat { Text, Json };

struct AccessLine {
  std::string_view method;
  std::string_view path;  // without the query, which may hold a key
  int status = 0;
  std::uint64_t bytes = 0;
  std::chrono::microseconds took{0};
  std::string_view request_id;
  bool client_left = false;
};

class Log {
 public:
  // `descriptor` is written to and not closed: 2 in the product, a pipe in tests.
  Log(LogLevel level, LogFormat format, int descriptor);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void access(const AccessLine& line);
  void debug(std::string_view text);
  void info(std::string_view text);
  void warn(std::string_view text);
  void error(std::string_view text);

  // Writes what is still held back.
  void flush();

 private:
  LogFormat format_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace mimus::server
