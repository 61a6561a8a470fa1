#include "server/log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

#include "api/append_integer.h"
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

void append_three_digits(std::int64_t number, std::string& out) {
  const char digits[] = {static_cast<char>('0' + number / 100), static_cast<char>('0' + number / 10 % 10),
                         static_cast<char>('0' + number % 10)};
  out.append(digits, sizeof digits);
}

// "2026-01-31T23:59:59.123", local time. Keeps what most lines share with the one before.
class Stamp {
 public:
  void append(std::chrono::system_clock::time_point time, std::string& out) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    if (second != second_) renew(second);
    out.append(second_text_);
    append_three_digits((time - second) / 1ms, out);
  }

 private:
  void renew(std::chrono::sys_seconds second) {
    const std::time_t time = std::chrono::system_clock::to_time_t(second);
    std::tm parts{};
    ::localtime_r(&time, &parts);
    char text[32];
    second_text_.assign(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", &parts));
    second_ = second;
  }

  std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
  std::string second_text_;
};

std::string message_of(LogFormat format, std::string_view text);

// Collects lines and writes them from a thread of its own, many in one system call. Has locks of its own, so that who
// logs never waits for a write. Lays the lines out itself: spdlog's patterns took half of an access line.
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
    bool was_empty = false;
    {
      const std::lock_guard lock(held_mutex_);
      was_empty = held_.empty();
      if (held_.size() + message.payload.size() > kMostHeldBytes) {
        ++lost_;
        return;
      }
      append_line(message, held_);
    }
    if (was_empty) wake_.notify_one();
  }

  void flush_() override {
    const std::lock_guard writing(write_mutex_);
    write_held();
  }

 private:
  void append_line(const spdlog::details::log_msg& message, std::string& out) {
    const std::string_view text(message.payload.data(), message.payload.size());
    if (format_ == LogFormat::Json) {
      const auto& level = spdlog::level::to_string_view(message.level);
      out.append(R"({"time":")");
      stamp_.append(message.time, out);
      out.append(R"(","level":")").append(level.data(), level.size()).append("\",").append(text).append("}\n");
    } else {
      stamp_.append(message.time, out);
      out += ' ';
      out += spdlog::level::to_short_c_str(message.level)[0];
      out += ' ';
      out += text;
      out += '\n';
    }
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
    {
      const std::lock_guard lock(held_mutex_);
      text.swap(held_);
      if (lost_ > 0) append_lost(std::exchange(lost_, 0), text);
    }
    write_all(descriptor_, text);
  }

  void append_lost(std::size_t lost, std::string& text) {
    const std::string why = std::to_string(lost) + " lines lost, they came faster than they were read";
    append_line({"mimus", spdlog::level::warn, message_of(format_, why)}, text);
  }

  int descriptor_;
  LogFormat format_;
  std::mutex held_mutex_;
  std::mutex write_mutex_;
  std::condition_variable wake_;
  Stamp stamp_;  // this and the next three: under held_mutex_
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
  out += line.method;
  out += ' ';
  out += printable(line.path, held);
  out += ' ';
  append_integer(line.status, out);
  out += ' ';
  append_integer(static_cast<std::int64_t>(line.bytes), out);
  out += " B ";
  const std::int64_t us = std::max<std::int64_t>(line.took.count(), 0);
  append_integer(us / 1000, out);
  out += '.';
  append_three_digits(us % 1000, out);
  out += " ms ";
  out += line.request_id;
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
