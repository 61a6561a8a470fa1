// Relays requests to a real API and records what it answers: one thread an exchange, since asking another blocks, and
// nothing in a handler may. docs/record.md is the manual. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "api/result.h"
#include "server/log.h"
#include "server/match/vocabulary.h"
#include "server/record/recording_file.h"
#include "server/record/relayed_frames.h"
#include "server/record/upstream_url.h"
#include "server/transport/upstream.h"

namespace mimus::server {

struct RecordOptions {
  std::string file;      // empty: nothing is relayed
  std::string upstream;  // the base URL of the real API
  std::string key;       // sent in the place of the client's; empty: the client's own
  std::string ca_file;   // PEM; empty: the certificates that the system trusts
  std::chrono::milliseconds silence_deadline{600'000};
};

// One request to be relayed.
struct RelayJob {
  UpstreamRequest request;
  MonotonicTime received{};  // when the client's request was complete
  std::string secret;        // the key that goes up: an exchange that holds it is not recorded
  std::string when;          // of the fixture
  bool waits = false;        // the client is told when all of it is there, for whoever changes replies needs them whole
  // How the protocol says that there is no reply: 502, 503 or 504, and why.
  std::function<Delivery(int status, const std::string& why)> refuse;
  std::function<void(Delivery)> respond;  // called once, from a thread of the relay or at once
  std::function<void()>* left = nullptr;  // of the client's request, see HttpRequest; for start() alone
};

class Relay {
 public:
  // Opens the file; does not connect. Errors: a wrong URL, file or certificate. `log` must outlive it.
  static Result<std::unique_ptr<Relay>> create(const RecordOptions& options, const Vocabulary& vocabulary, Log& log);
  // Breaks off what is under way.
  ~Relay();

  void start(RelayJob job);

  [[nodiscard]] const UpstreamUrl& url() const { return url_; }
  [[nodiscard]] const std::string& key() const { return key_; }

  static constexpr std::size_t kMostExchanges = 256;  // at a time

 private:
  struct Running {
    std::shared_ptr<RelayedFrames> frames;
    std::thread thread;
    bool is_over = false;
  };
  Relay(Upstream upstream, UpstreamUrl url, std::string key, std::unique_ptr<RecordingFile> file, Log& log);
  void run(const RelayJob& job, const std::shared_ptr<RelayedFrames>& frames);
  void bury();  // joins the threads that are done; under mutex_

  const Upstream upstream_;
  const UpstreamUrl url_;
  const std::string key_;
  const std::unique_ptr<RecordingFile> file_;
  Log& log_;
  std::mutex mutex_;
  std::list<Running> running_;
};

}  // namespace mimus::server
