#include "cli/answers.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "conformance/client/exchange.h"
#include "conformance/run/evidence.h"

namespace mimus::cli {
namespace {

using namespace mimus::conformance;
namespace fs = std::filesystem;

constexpr const char* kUpstreamFolder = "upstream";  // below the evidence of its gateway

// Letters only: guardrails rewrite what looks like a key or an address.
std::string fresh_nonce() {
  std::random_device random;
  std::string word = "finch";
  for (int i = 0; i < 4; ++i) word.push_back(static_cast<char>('a' + random() % 26));
  return word;
}

Run send_plan(const CheckOptions& options, const Target& target, const Catalogue& catalogue, const Plan& plan,
              Loopback* loopback, const Interrupt& interrupt, const std::string& nonce, const std::string& other_key) {
  RunOptions run_options;
  run_options.limits.time = options.timeout;
  run_options.limits.interrupt = interrupt.descriptor();
  if (options.max_requests > 0) run_options.max_requests = options.max_requests;
  if (options.max_tokens > 0) run_options.max_tokens = options.max_tokens;
  run_options.nonce = nonce;
  run_options.now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  // A gateway may tell the key that it has for its upstream; a short one may be an ordinary word.
  const auto redact_other = [&](Recording& recording) {
    if (other_key.size() >= kShortestSecret) redact(recording, other_key);
  };
  RunHooks hooks;
  hooks.send = [&](const Request& request, const std::optional<Request>& lead, const ExchangeLimits& limits) {
    Recording recording = exchange(target, request, lead, limits);
    redact_other(recording);
    return recording;
  };
  hooks.send_together = [&](const std::vector<Request>& requests, const ExchangeLimits& limits) {
    std::vector<Recording> recordings = exchange_together(target, requests, limits);
    std::for_each(recordings.begin(), recordings.end(), redact_other);
    return recordings;
  };
  if (loopback != nullptr) loopback->join(run_options, hooks);
  hooks.wait = [&](std::chrono::milliseconds time) { interrupt.wait(time); };
  hooks.interrupted = [&] { return interrupt.signal() != 0; };
  Progress progress(catalogue);
  hooks.progress = [&](std::size_t done, std::size_t all, const Probe& next) { progress.show(done, all, next); };
  Run run = run_plan(target, catalogue, plan, run_options, hooks);
  progress.end();
  return run;
}

}  // namespace

Answers ask(const CheckOptions& options, const Target& target, std::optional<Target> upstream,
            const Catalogue& catalogue, const Plan& plan, Loopback* loopback) {
  const Interrupt interrupt;
  const std::string nonce = fresh_nonce();  // one for both: the same bytes go to both
  Answers answers;
  answers.target =
      send_plan(options, target, catalogue, plan, loopback, interrupt, nonce, upstream ? upstream->api_key : "");
  if (upstream && answers.target.nothing_measured.empty() && interrupt.signal() == 0) {
    std::cerr << "mimus: the same to the upstream\n";
    if (upstream->model.empty()) upstream->model = answers.target.facts.model;
    answers.upstream = send_plan(options, *upstream, catalogue, plan, nullptr, interrupt, nonce, target.api_key);
  }
  answers.interrupted_by = interrupt.signal();
  return answers;
}

Result<Done> save(const Answers& answers, const fs::path& folder) {
  if (folder.empty()) return Done{};
  if (auto saved = save_evidence(answers.target, folder); !saved || !answers.upstream) return saved;
  const fs::path upstream = folder / kUpstreamFolder;
  if (auto made = make_evidence_folder(upstream); !made) return made.error();
  return save_evidence(*answers.upstream, upstream);
}

Result<Answers> replay(const fs::path& folder, const Catalogue& catalogue) {
  auto target = load_evidence(folder, catalogue);
  if (!target) return target.error();
  Answers answers;
  answers.target = std::move(*target);
  if (!fs::exists(folder / kUpstreamFolder)) return answers;
  auto upstream = load_evidence(folder / kUpstreamFolder, catalogue);
  if (!upstream) return upstream.error();
  answers.upstream = std::move(*upstream);
  return answers;
}

}  // namespace mimus::cli
