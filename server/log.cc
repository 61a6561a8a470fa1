#include "server/log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "api/append_integer.h"
#include "api/brief_mutex.h"
#include "api/byte_scan.h"
#include "api/json_writer.h"

namespace mimus::server {
namespace {

using namespace std::chrono_literals;

constexpr auto kHoldBack = 5ms;                          // how long a line may wait for company
constexpr std::size_t kMostHeldBytes = 4 * 1024 * 1024;  // a reader of the log that stalls loses lines, not memory

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written <= 0) return;  // nobody reads the log: there is no better place to say so
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string message_of(LogFormat format, std::string_view text);

// Collects formatted lines and writes them from a thread of its own, many in one system call. Has locks of its own, so
// that who logs never waits for a write.
class BatchedSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  BatchedSink(int descriptor, LogFormat format)
      : descriptor_(descriptor), format_(format), writer_([this] { run(); }) {}

  ~BatchedSink() override {
    {
      const std::lock_guard lock(held_mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    writer_.join();
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const spdlog::memory_buf_t line = formatted(message);
    bool was_empty = false;
    {
      const std::lock_guard lock(held_mutex_);
      was_empty = held_.empty();
      if (held_.size() + line.size() > kMostHeldBytes) {
        ++lost_;
        return;
      }
      held_.append(line.data(), line.size());
    }
    if (was_empty) wake_.notify_one();
  }

  void flush_() override {
    const std::lock_guard writing(write_mutex_);
    write_held();
  }

 private:
  spdlog::memory_buf_t formatted(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    const std::lock_guard lock(format_mutex_);
    formatter_->format(message, line);
    return line;
  }

  void run() {
    std::unique_lock lock(held_mutex_);
    while (!stopping_) {
      wake_.wait(lock, [this] { return stopping_ || !held_.empty(); });
      wake_.wait_for(lock, kHoldBack, [this] { return stopping_; });
      lock.unlock();
      flush_();
      lock.lock();
    }
  }

  void write_held() {
    std::string text;
    std::size_t lost = 0;
    {
      const std::lock_guard lock(held_mutex_);
      text.swap(held_);
      lost = std::exchange(lost_, 0);
    }
    if (lost > 0) append_lost(lost, text);
    write_all(descriptor_, text);
  }

  void append_lost(std::size_t lost, std::string& text) {
    const std::string why = std::to_string(lost) + " lines lost, they came faster than they were read";
    const std::string message = message_of(format_, why);
    const spdlog::memory_buf_t line = formatted({"mimus", spdlog::level::warn, message});
    text.append(line.data(), line.size());
  }

  int descriptor_;
  LogFormat format_;
  BriefMutex format_mutex_;  // the formatter keeps the time of the last line
  std::mutex held_mutex_;
  std::mutex write_mutex_;
  std::condition_variable wake_;
  std::string held_;
  std::size_t lost_ = 0;
  bool stopping_ = false;
  std::thread writer_;
};

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return spdlog::level::debug;
    case LogLevel::Info:
      return spdlog::level::info;
    case LogLevel::Warn:
      return spdlog::level::warn;
    case LogLevel::Error:
      return spdlog::level::err;
    case LogLevel::Off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

// Control characters of a path would let a client forge lines; other bytes may not be UTF-8. `held` is for the copy.
std::string_view printable(std::string_view text, std::string& held) {
  if (is_printable_ascii(text)) return text;
  held = text;
  std::replace_if(
      held.begin(), held.end(), [](char c) { return c < 0x20 || c == 0x7f; }, '?');
  return held;
}

// The same for what may take several lines. Those that continue one are marked, so that they cannot be taken for
// others.
std::string continued(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string out;
  std::string held;
  for (;;) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += printable(text.substr(0, end), held);
    if (end == text.size()) return out;
    out += "\n  | ";
    text.remove_prefix(end + 1);
  }
}

// The members of an object without its braces: time and level stand before them.
std::string bare(const std::string& object) {
  return object.substr(1, object.size() - 2);
}

// Not by a format string: that took a twentieth of a request.
std::string text_of(const AccessLine& line) {
  std::string out;
  std::string held;
  out.reserve(line.method.size() + line.path.size() + line.request_id.size() + 64);
  out.append(line.method).append(" ").append(printable(line.path, held)).append(" ");
  append_integer(line.status, out);
  out += ' ';
  append_integer(static_cast<std::int64_t>(line.bytes), out);
  out.append(" B ");
  const std::int64_t us = std::max<std::int64_t>(line.took.count(), 0);
  append_integer(us / 1000, out);
  const std::int64_t below = us % 1000;
  out.append({'.', static_cast<char>('0' + below / 100), static_cast<char>('0' + below / 10 % 10),
              static_cast<char>('0' + below % 10)});
  out.append(" ms ").append(line.request_id);
  if (line.client_left) out.append(" client left");
  return out;
}

std::string json_of(const AccessLine& line) {
  std::string out;
  std::string held;
  JsonWriter writer(out);
  writer.object()
      .member("method", line.method)
      .member("path", printable(line.path, held))
      .member("status", line.status);
  writer.member("bytes", static_cast<std::int64_t>(line.bytes));
  writer.key("ms").number(static_cast<double>(line.took.count()) / 1000.0);
  writer.member("request_id", line.request_id).member("client_left", line.client_left).end_object();
  return bare(out);
}

std::string json_message(std::string_view text) {
  std::string out;
  JsonWriter(out).object().member("message", text).end_object();
  return bare(out);
}

std::string message_of(LogFormat format, std::string_view text) {
  return format == LogFormat::Json ? json_message(text) : continued(text);
}

}  // namespace

Log::Log(LogLevel level, LogFormat format, int descriptor)
    : format_(format),
      logger_(std::make_shared<spdlog::logger>("mimus", std::make_shared<BatchedSink>(descriptor, format))) {
  logger_->set_level(level_of(level));
  logger_->flush_on(spdlog::level::warn);
  const char* const pattern =
      format == LogFormat::Text ? "%Y-%m-%dT%H:%M:%S.%e %L %v" : R"({"time":"%Y-%m-%dT%H:%M:%S.%e","level":"%l",%v})";
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::local, "\n"));
}

Log::~Log() {
  logger_->flush();
}

void Log::access(const AccessLine& line) {
  if (!logger_->should_log(spdlog::level::info)) return;
  if (format_ == LogFormat::Json) {
    logger_->log(spdlog::level::info, json_of(line));
    return;
  }
  logger_->log(spdlog::level::info, text_of(line));
}

namespace {

void say(spdlog::logger& logger, spdlog::level::level_enum level, LogFormat format, std::string_view text) {
  if (!logger.should_log(level)) return;
  logger.log(level, "{}", message_of(format, text));
}

}  // namespace

void Log::debug(std::string_view text) {
  say(*logger_, spdlog::level::debug, format_, text);
}
void Log::info(std::string_view text) {
  say(*logger_, spdlog::level::info, format_, text);
}
void Log::warn(std::string_view text) {
  say(*logger_, spdlog::level::warn, format_, text);
}
void Log::error(std::string_view text) {
  say(*logger_, spdlog::level::err, format_, text);
}
void Log::flush() {
  logger_->flush();
}

}  // namespace mimus::server
