// Counts of what a server was asked and what became of it, since its start. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "api/brief_mutex.h"
#include "server/delivery.h"
#include "server/notes.h"

namespace mimus::server {

// One reply, as far as it is counted. A value, kept while the reply leaves.
struct Counted {
  std::string_view operation;  // outlives the metrics; empty: no such endpoint
  int status = 0;
  bool is_stream = false;
};

class Metrics {
 public:
  struct Ended {
    std::uint64_t replies = 0;
    std::uint64_t bytes = 0;
    Duration time{0};  // from complete requests to last bytes, summed up
  };
  struct Counts {
    std::map<std::pair<std::string_view, int>, Ended> ended;  // by operation and status
    std::map<Notes::Script, std::uint64_t> scripted;          // requests, by what the script said
    std::uint64_t prompt_tokens = 0;
    std::uint64_t completion_tokens = 0;
    std::uint64_t clients_left = 0;
    std::int64_t open_replies = 0;
    std::int64_t open_streams = 0;
  };

  void begin(const Counted& reply, const Notes& notes);
  void end(const Counted& reply, const DeliveryOutcome& outcome);
  [[nodiscard]] Counts counts() const;

 private:
  mutable BriefMutex mutex_;
  Counts counts_;
};

}  // namespace mimus::server
