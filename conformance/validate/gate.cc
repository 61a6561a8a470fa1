#include "conformance/validate/gate.h"

#include <array>

#include "conformance/run/reply_kind.h"

namespace mimus::conformance {
namespace {

Finding why_not_sent(const std::string& reason) {
  if (reason.starts_with("not offered")) return not_applicable(reason);
  if (reason.starts_with("no model")) return not_applicable(reason);
  return undecided(reason);
}

std::string status_text(const Transcript& transcript) {
  return "HTTP " + std::to_string(transcript.status()) + " to " + transcript.probe;
}

// What no rule but those of gate "any" should see.
std::optional<Finding> gate_reply(const Transcript& transcript) {
  switch (kind_of(transcript)) {
    case ReplyKind::Broken:
      return undecided(transcript.probe + ": no HTTP reply (" + transcript.recording.problem + ")");
    case ReplyKind::RateLimited:
      return undecided("rate limited: " + status_text(transcript));
    default:
      break;
  }
  if (transcript.recording.ending == Ending::Complete) return std::nullopt;
  return undecided(transcript.probe + ": the reply did not end (" + transcript.recording.problem +
                   "), see transport.length.exact");
}

std::optional<Finding> gate_offered(const Transcript& transcript) {
  switch (kind_of(transcript)) {
    case ReplyKind::NotOffered:
      return not_applicable("not offered: " + status_text(transcript));
    case ReplyKind::KeyRefused:
      return undecided("the key was refused: " + status_text(transcript));
    default:
      return std::nullopt;
  }
}

std::optional<Finding> gate_success(const Transcript& transcript) {
  if (auto stop = gate_offered(transcript)) return stop;
  switch (kind_of(transcript)) {
    case ReplyKind::Success:
      return std::nullopt;
    case ReplyKind::Refused:
      return not_applicable("refused: " + status_text(transcript) + ", " + refusal_text(transcript));
    default:
      return undecided("no success to look at: " + status_text(transcript));
  }
}

std::optional<Finding> gate_json(const Transcript& transcript) {
  if (auto stop = gate_success(transcript)) return stop;
  if (transcript.is_json && transcript.json().is_object()) return std::nullopt;
  return undecided(transcript.probe + ": the body is not a JSON object, see transport.json");
}

std::optional<Finding> gate_stream(const Transcript& transcript) {
  if (auto stop = gate_success(transcript)) return stop;
  if (transcript.is_stream() && !transcript.events.empty()) return std::nullopt;
  return undecided(transcript.probe + ": the reply is not an event stream, see chat.stream.content-type");
}

// A success is no matter of checks about errors: those about the status say so.
std::optional<Finding> gate_error(const Transcript& transcript) {
  if (auto stop = gate_offered(transcript)) return stop;
  if (transcript.status() >= 400) return std::nullopt;
  return not_applicable("no error to look at: " + status_text(transcript));
}

std::optional<Finding> gate_error_any(const Transcript& transcript) {
  if (transcript.status() >= 400) return std::nullopt;
  return not_applicable("no error to look at: " + status_text(transcript));
}

std::optional<Finding> gate_sent(const Transcript& transcript) {
  const Ending ending = transcript.recording.ending;
  if (ending != Ending::ConnectFailed && ending != Ending::TlsFailed && transcript.status() != 429) return std::nullopt;
  return gate_reply(transcript);
}

std::optional<Finding> gate_429(const Transcript& transcript) {
  if (transcript.status() == 429) return std::nullopt;
  return not_applicable("no call was limited");
}

std::optional<Finding> gate_auth(const Transcript& transcript, const Scene& scene) {
  const bool open = transcript.is_success() && !scene.expects_auth;
  if (open) return not_applicable("the target takes calls without a valid key (say --expect-auth if it should not)");
  return std::nullopt;
}

std::optional<Finding> gate_any_reply(const Transcript&) {
  return std::nullopt;
}

struct Gate {
  std::string_view name;
  std::optional<Finding> (*stop)(const Transcript&);
};
constexpr std::array<Gate, 7> kGates = {{{"json", &gate_json},
                                         {"stream", &gate_stream},
                                         {"success-body", &gate_success},
                                         {"error", &gate_error},
                                         {"error-any", &gate_error_any},
                                         {"any-reply", &gate_any_reply},
                                         {"reply", &gate_offered}}};

}  // namespace

std::optional<Finding> gate(const Transcript& transcript, std::string_view gate_name, const Scene& scene) {
  if (!transcript.was_sent()) return why_not_sent(transcript.not_sent);
  if (gate_name.empty()) gate_name = transcript.expects == "any" ? std::string_view("reply") : transcript.expects;
  if (gate_name == "any") return std::nullopt;
  if (gate_name == "sent") return gate_sent(transcript);
  if (gate_name == "429") return gate_429(transcript);
  if (auto stop = gate_reply(transcript)) return stop;
  if (gate_name == "auth") return gate_auth(transcript, scene);
  for (const Gate& known : kGates) {
    if (known.name == gate_name) return known.stop(transcript);
  }
  return Finding{Finding::Kind::Failed, "", "", "no gate \"" + std::string(gate_name) + "\"", {}, Verdict::Fail};
}

}  // namespace mimus::conformance
