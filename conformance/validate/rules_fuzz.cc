// Every check over a reply of any bytes: no rule may crash, hang, or read what is not there. The first byte chooses
// what the probe expects and sends, the rest is what came.
#include <array>
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<const char*, 4> kExpects = {"json", "stream", "error", "any"};
  if (size == 0) return 0;
  Transcript transcript = read_transcript(
      "p", recording_of(std::string(reinterpret_cast<const char*>(data) + 1, size - 1), (data[0] & 4) != 0));
  transcript.expects = kExpects[data[0] & 3];
  const Transcripts none;
  const Facts facts;
  static const Expectations expect;
  const Scene scene{none, facts, expect, (data[0] & 8) != 0};
  for (const Check& check : catalogue().checks) {
    const Rule* rule = find_rule(check.rule);
    if (rule == nullptr || gate(transcript, check.gate, scene)) continue;
    if (rule->one != nullptr) rule->one(transcript, check.args.root(), scene);
    if (rule->all != nullptr) rule->all({&transcript, &transcript}, check.args.root(), scene);
  }
  return 0;
}
