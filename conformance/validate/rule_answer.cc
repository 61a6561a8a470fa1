// Rules about what a target makes of an answer that is known: the script that mimus, as the upstream, has said.
#include <algorithm>
#include <optional>

#include "conformance/run/reply_kind.h"
#include "conformance/validate/folded.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

std::string calls_text(const std::vector<FoldedCall>& calls) {
  std::string text;
  for (const FoldedCall& call : calls) text += (text.empty() ? "" : ", ") + text_of(call);
  return text.empty() ? "no call" : text;
}

// The upstream has answered: anything but a success is the target's own doing.
std::optional<Finding> why_none(const Transcript& transcript) {
  if (transcript.is_success()) return std::nullopt;
  return broken(in_reply(transcript), "the upstream's answer",
                "HTTP " + std::to_string(transcript.status()) + ": " + refusal_text(transcript));
}

// Where two texts part, for messages: the end of what they share and what follows.
std::string apart(const std::string& text, const std::string& other) {
  constexpr std::size_t kShared = 12;
  const auto [in_text, in_other] = std::mismatch(text.begin(), text.end(), other.begin(), other.end());
  auto at = static_cast<std::size_t>(in_text - text.begin());
  at = at > kShared ? at - kShared : 0;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return (at > 0 ? "... " : "") + quoted(std::string_view(text).substr(std::min(at, text.size())));
}

Finding judge_calls(const Transcript& transcript, const Folded& folded, Json wanted) {
  std::vector<FoldedCall> calls;
  for (const Json call : wanted.elements()) {
    calls.push_back({std::string(call.find("id").string_or("")), std::string(call.find("name").string_or("")),
                     std::string(call.find("arguments").string_or(""))});
  }
  if (calls == folded.tool_calls) return holds();
  const bool only_spelled = std::equal(calls.begin(), calls.end(), folded.tool_calls.begin(), folded.tool_calls.end(),
                                       [](const FoldedCall& a, const FoldedCall& b) {
                                         return a.id == b.id && a.name == b.name &&
                                                plain_arguments(a.arguments) == plain_arguments(b.arguments);
                                       });
  return broken(in_reply(transcript), calls_text(calls), calls_text(folded.tool_calls),
                only_spelled ? Verdict::Warn : Verdict::Fail);
}

Finding judge_usage(const Transcript& transcript, const Folded& folded, Json wanted) {
  for (const auto [pointer, value] : wanted.members()) {
    const auto found = folded.usage.find(std::string(pointer));
    if (found != folded.usage.end() && found->second == value.int_or(0)) continue;
    return broken(in_body(transcript, "/usage" + std::string(pointer)), to_text(value),
                  found == folded.usage.end() ? "none" : std::to_string(found->second));
  }
  return holds();
}

}  // namespace

// text, finish, tool_calls (array of id, name, arguments as text), usage (integers by pointer): what the reply, whole
// or put together from its stream, must say.
Finding judge_answer(const Transcript& transcript, Json args, const Scene&) {
  if (auto none = why_none(transcript)) return *none;
  const Folded folded = fold(transcript);
  if (const Json text = args.find("text"); text && folded.text != text.string_or("")) {
    const std::string wanted(text.string_or(""));
    return broken(in_reply(transcript), apart(wanted, folded.text), apart(folded.text, wanted));
  }
  if (const Json finish = args.find("finish"); finish && folded.finish != finish.string_or("")) {
    return broken(in_reply(transcript), "finish_reason " + quoted(finish.string_or("")), quoted(folded.finish));
  }
  if (const Json calls = args.find("tool_calls")) {
    if (Finding finding = judge_calls(transcript, folded, calls); finding.kind != Finding::Kind::Holds) return finding;
  }
  return judge_usage(transcript, folded, args.find("usage"));
}

// The first reply is whole, the others are streams of the same: a client must not be able to tell them apart.
Finding judge_same_answer(const TranscriptList& list, Json, const Scene&) {
  const Folded whole = fold(*list.front());
  for (const Transcript* transcript : list) {
    const Folded other = fold(*transcript);
    if (other.text != whole.text) {
      return broken(in_reply(*transcript), "the text of " + list.front()->probe + ": " + apart(whole.text, other.text),
                    apart(other.text, whole.text));
    }
    if (other.tool_calls != whole.tool_calls) {
      return broken(in_reply(*transcript), calls_text(whole.tool_calls), calls_text(other.tool_calls));
    }
    if (other.finish != whole.finish) {
      return broken(in_reply(*transcript), "finish_reason " + quoted(whole.finish), quoted(other.finish));
    }
    for (const auto& [pointer, value] : whole.usage) {
      const auto found = other.usage.find(pointer);
      if (found != other.usage.end() && found->second == value) continue;
      const bool is_detail = pointer.find('/', 1) != std::string::npos;
      return broken(in_reply(*transcript), "usage" + pointer + " " + std::to_string(value),
                    found == other.usage.end() ? "none" : std::to_string(found->second),
                    is_detail ? Verdict::Warn : Verdict::Fail);
    }
  }
  return holds();
}

// The upstream says what it was asked: the answer is the prompt of this request, and not of another.
Finding judge_own_answer(const Transcript& transcript, Json, const Scene&) {
  if (auto none = why_none(transcript)) return *none;
  const Json messages = transcript.sent().find("messages");
  if (messages.size() == 0) return undecided("the request has no messages");
  const std::string prompt(messages.at(messages.size() - 1).find("content").string_or(""));
  const std::string text = fold(transcript).text;
  return text == prompt ? holds() : broken(in_reply(transcript), quoted(prompt), quoted(text));
}

}  // namespace mimus::conformance
