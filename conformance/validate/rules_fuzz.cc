// Every check over a reply of any bytes: no rule may crash, hang, or read what is not there, once its gate lets it
// look. The first byte chooses what was sent, the rest is what came.
#include <cstdint>
#include <string>

#include "conformance/catalogue/catalogue.h"
#include "conformance/validate/gate.h"
#include "conformance/validate/rule.h"

namespace {

using namespace mimus::conformance;

const Catalogue& catalogue() {
  static const Catalogue loaded = [] {
    auto result = load_catalogue();
    return result ? std::move(*result) : Catalogue{};
  }();
  return loaded;
}

Recording recording_of(std::string raw, bool asks_much) {
  Recording recording;
  recording.request.method = "POST";
  recording.request.path = "/v1/chat/completions";
  recording.request.body = asks_much
                               ? R"({"model":"m","n":2,"top_logprobs":2,"input":["a","b"],"max_completion_tokens":16})"
                               : R"({"model":"m","stream":true})";
  recording.arrivals.push_back({raw.size(), std::chrono::milliseconds(5)});
  recording.raw = std::move(raw);
  recording.took = std::chrono::milliseconds(10);
  return recording;
}

// The gate of a check: its own, or what its probes expect.
std::string gate_of(const Check& check) {
  if (!check.gate.empty()) return check.gate;
  const std::vector<const Probe*> probes = catalogue().probes_of(check);
  const std::string expects = probes.empty() ? "any" : probes.front()->expects;
  return expects == "any" ? "reply" : expects;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Transcript transcript = read_transcript(
      "p", recording_of(std::string(reinterpret_cast<const char*>(data) + 1, size - 1), (data[0] & 4) != 0));
  UpstreamCall call;
  call.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  call.ended = (data[0] & 16) != 0 ? "left" : "open";
  transcript.upstream.push_back(std::move(call));
  const Transcripts none;
  const Facts facts;
  static const Expectations expect;
  const Scene scene{none, facts, expect, (data[0] & 8) != 0};
  for (const Check& check : catalogue().checks) {
    const Rule* rule = find_rule(check.rule);
    if (rule == nullptr || gate(transcript, gate_of(check), scene)) continue;
    if (rule->one != nullptr) rule->one(transcript, check.args.root(), scene);
    if (rule->all != nullptr) rule->all({&transcript, &transcript}, check.args.root(), scene);
  }
  return 0;
}
