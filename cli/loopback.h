// `mimus check --loopback PORT`: a mimus that is the upstream of the target under test, with scripts of its own. Joins
// the two halves: the server answers, the checker is handed what was asked, as plain values.
#pragma once

#include <CLI/CLI.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "conformance/report/report.h"
#include "conformance/run/runner.h"
#include "conformance/upstream.h"
#include "server/app.h"
#include "server/log.h"
#include "server/transport/http_server.h"

namespace mimus::cli {

struct LoopbackOptions {
  int port = 0;  // 0: mimus is nobody's upstream
};
void add_loopback_options(CLI::App& command, LoopbackOptions& options);

class Loopback {
 public:
  // Serves on 127.0.0.1 as soon as it returns; null when no port was given. `api`: see Area::api. Errors: the port is
  // taken.
  static Result<std::unique_ptr<Loopback>> start(const LoopbackOptions& options, std::string_view api);
  ~Loopback();

  // Tells a run what was asked here; its requests begin() before they are sent.
  void join(conformance::RunOptions& options, conformance::RunHooks& hooks);

  // A probe goes out: times count from now on, and what was asked before is forgotten.
  void begin();
  // The calls since begin() whose body holds `script`, in the order of their coming. Waits until all of them are over,
  // at most `settle`. Thread-safe, like begin().
  std::vector<conformance::UpstreamCall> take(const std::string& script, std::chrono::milliseconds settle);

 private:
  using Clock = std::chrono::steady_clock;
  struct Noted {
    std::uint64_t id = 0;
    conformance::UpstreamCall call;
  };

  explicit Loopback(int port) : port_(port), log_(server::LogLevel::Off, server::LogFormat::Text, 2) {}
  void handle(const server::HttpRequest& http, const server::Respond& respond);
  std::uint64_t note(const server::HttpRequest& http);
  void end(std::uint64_t id, int status, const server::DeliveryOutcome& outcome);

  const int port_;
  server::Log log_;
  std::unique_ptr<server::App> app_;
  std::mutex mutex_;  // of all below but http_
  std::condition_variable ended_;
  Clock::time_point begun_ = Clock::now();
  std::uint64_t next_ = 1;
  std::deque<Noted> calls_;                   // at most kMostCalls, the first ones
  std::unique_ptr<server::HttpServer> http_;  // the last one: its threads use all the others
};

// Why nothing was measured, where all that was asked needs mimus as the upstream and the target never asked it; else
// empty.
std::string why_unrouted(const conformance::Report& report);

}  // namespace mimus::cli
