// Sends a plan, one request at a time, and records what comes. Judges nothing, prints nothing; the network and the
// clock are handed in, so that all of it is tested without either.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/client/exchange.h"
#include "conformance/run/facts.h"
#include "conformance/run/plan.h"
#include "conformance/transcript.h"

namespace mimus::conformance {

struct RunHooks {
  std::function<Recording(const Request&, const std::optional<Request>& lead, const ExchangeLimits&)> send;
  // With mimus as the upstream of the target: the calls that came since the request went out and whose body holds
  // `script`; waits until they are over, at most `settle`. Empty: there is no such upstream.
  std::function<std::vector<UpstreamCall>(const std::string& script, std::chrono::milliseconds settle)> upstream;
  // All at the same time, each on a connection of its own; their recordings in the order of the requests. May be empty:
  // then they go one after the other.
  std::function<std::vector<Recording>(const std::vector<Request>&, const ExchangeLimits&)> send_together;
  std::function<void(std::chrono::milliseconds)> wait;                                 // before a retry
  std::function<void(std::size_t done, std::size_t all, const Probe& next)> progress;  // may be empty
  std::function<bool()> interrupted;  // may be empty; once true nothing more is sent, and what was cut off is not kept
};

struct RunOptions {
  ExchangeLimits limits;  // the first call gets twice the time: a cold model has to load
  std::optional<int> max_requests;
  std::optional<int> max_tokens;  // by the estimates of the probes
  std::string nonce = "amber";    // begins every nonce; lower-case letters
  std::int64_t now = 0;           // seconds since the epoch
  int loopback_port = 0;          // of the upstream, for people
};

struct Run {
  Transcripts transcripts;  // of every probe of the plan, those not sent included
  Facts facts;
  int requests = 0;
  int tokens = 0;  // estimated
  std::chrono::microseconds took{0};
  std::string nothing_measured;    // why, when no valid call succeeded; else empty
  std::vector<std::string> notes;  // for people: what was learned, waited for, retried
};

Run run_plan(const Target& target, const Catalogue& catalogue, const Plan& plan, const RunOptions& options,
             const RunHooks& hooks);

}  // namespace mimus::conformance
