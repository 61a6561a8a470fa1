// What each step of a deviation does to a reply.
#include <algorithm>
#include <cstdlib>

#include "conformance/selfcheck/deviation.h"
#include "conformance/selfcheck/edit_json.h"

namespace mimus::conformance {
namespace {

using Op = DeviationStep::Op;

// Where the data of a frame begins: in its first line, or behind its event field.
std::size_t data_begin(const std::string& frame) {
  const std::string prefix = "data: ";
  if (frame.starts_with(prefix)) return prefix.size();
  const std::size_t at = frame.find("\n" + prefix);
  return at == std::string::npos ? at : at + 1 + prefix.size();
}

std::string data_of(const std::string& frame) {
  const std::size_t begin = data_begin(frame);
  if (begin == std::string::npos) return {};
  return frame.substr(begin, frame.find('\n', begin) - begin);
}

bool is_kind(const std::string& frame, std::string_view kind) {
  if (kind == "done") return data_of(frame) == "[DONE]";
  const auto document = parse_json(data_of(frame));
  if (!document) return false;
  const Json json = document->root();
  const Json delta = json.find_pointer("/choices/0/delta");
  const Json call = delta.find_pointer("/tool_calls/0");
  if (kind == "all") return json.is_object();
  if (kind.starts_with("type:")) return json.find("type").string_or("") == kind.substr(5);
  const bool is_other = json.find_pointer("/choices/0/index").int_or(0) > 0;
  if (kind == "other") return is_other;
  if (kind == "other-finish") return is_other && json.find_pointer("/choices/0/finish_reason").is_string();
  if (kind == "other-role") return is_other && delta.find("role").has_value();
  if (kind == "role") return delta.find("role").has_value();
  if (kind == "content") return !delta.find("content").string_or("").empty();
  if (kind == "later") return delta.is_object() && !delta.find("role");
  if (kind == "finish") return json.find_pointer("/choices/0/finish_reason").is_string();
  if (kind == "usage") return json.find("usage").is_object();
  if (kind == "tool") return call.find("id").has_value();
  return kind == "tool-later" && call && !call.find("id");
}

// The frames that a step is about. Kinds name all of their kind, but "content!" and the like only the first.
std::vector<std::size_t> named_frames(const std::vector<std::string>& frames, std::string name) {
  std::vector<std::size_t> found;
  if (frames.empty()) return found;
  if (name == "first") return {0};
  if (name == "second") return {1};
  if (name == "last") return {frames.size() - 1};
  if (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos) {
    return {std::min<std::size_t>(std::strtoull(name.c_str(), nullptr, 10), frames.size() - 1)};
  }
  const bool only_first = name.ends_with('!');
  const bool only_last = name.ends_with('$');
  if (only_first || only_last) name.pop_back();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (is_kind(frames[i], name)) found.push_back(i);
  }
  if (only_first && !found.empty()) found.erase(found.begin() + 1, found.end());
  if (only_last && !found.empty()) found.erase(found.begin(), found.end() - 1);
  return found;
}

std::string edited(const std::string& text, const DeviationStep& step) {
  const auto document = parse_json(text);
  if (!document) return text;
  if (step.op == Op::Rename) return renamed_json(document->root(), step.at, step.to);
  const auto value = step.op == Op::Set ? std::optional(to_text(step.value.root())) : std::nullopt;
  return edited_json(document->root(), step.at, value);
}

void edit(ScriptedReply& reply, const DeviationStep& step) {
  if (!reply.is_stream) {
    reply.body = edited(reply.body, step);
    return;
  }
  for (const std::size_t i : named_frames(reply.frames, step.frame.empty() ? "all" : step.frame)) {
    std::string& frame = reply.frames[i];
    const std::string data = data_of(frame);
    if (!data.empty()) frame.replace(data_begin(frame), data.size(), edited(data, step));
  }
}

void move_frames(ScriptedReply& reply, const DeviationStep& step) {
  std::vector<std::string>& frames = reply.frames;
  const std::vector<std::size_t> named = named_frames(frames, step.frame);
  for (auto it = named.rbegin(); it != named.rend(); ++it) {  // from behind, so that the numbers stay true
    const auto at = frames.begin() + static_cast<std::ptrdiff_t>(*it);
    if (step.op == Op::DropFrame) frames.erase(at);
    if (step.op == Op::RepeatFrame) frames.insert(at, std::string(*at));
    if (step.op == Op::SwapFrames && at + 1 != frames.end()) std::iter_swap(at, at + 1);
    if (step.op == Op::ReplaceFrame) *at = step.text;
    if (step.op == Op::InsertFrame) frames.insert(at, step.text);
  }
}

void change_header(ScriptedReply& reply, const DeviationStep& step) {
  if (step.has_value) {
    set_header(reply, step.name, std::string(step.value.root().string_or("")));
  } else {
    remove_header(reply, step.name);
  }
}

std::string replaced(const std::string& text, std::string_view from, std::string_view to) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t next = text.find(from); next != std::string::npos; next = text.find(from, at)) {
    out.append(text, at, next - at).append(to);
    at = next + from.size();
  }
  return out.append(text, at);
}

// The same events in another spelling that the standard allows.
void reframe(ScriptedReply& reply, std::string_view name) {
  for (std::string& frame : reply.frames) {
    if (name == "crlf") frame = replaced(frame, "\n", "\r\n");
    if (name == "cr") frame = replaced(frame, "\n", "\r");
    if (name == "no-space") frame = replaced(frame, "data: ", "data:");
    if (name == "comments") frame = ": keep-alive\n\n" + frame;
    if (name == "named") frame = "event: message\n" + frame;
    if (name == "split-data") frame = replaced(frame, "data: {", "data: {\ndata: ");
  }
  if (name == "retry" && !reply.frames.empty()) reply.frames.front().insert(0, "retry: 3000\n");
}

// What the target asks of its upstream. False: there is none.
bool ask(const DeviationStep& step, std::vector<UpstreamCall>& upstream) {
  if (upstream.empty()) return false;
  UpstreamCall& call = upstream.front();
  if (step.op == Op::AskAgain) {
    const auto more = static_cast<std::size_t>(std::clamp<std::int64_t>(step.value.root().int_or(1), 0, 100));
    upstream.insert(upstream.end(), more, UpstreamCall(call));
  } else if (step.op == Op::AskStay) {
    call.ended = "open";
  } else if (const auto document = parse_json(call.body)) {
    const auto value = step.op == Op::AskSet ? std::optional(to_text(step.value.root())) : std::nullopt;
    call.body = edited_json(document->root(), step.at, value);
  }
  return true;
}

bool commit_step(const DeviationStep& step, ScriptedReply& reply) {
  switch (step.op) {
    case Op::Set:
    case Op::Remove:
    case Op::Rename:
      edit(reply, step);
      return true;
    case Op::DropFrame:
    case Op::RepeatFrame:
    case Op::SwapFrames:
    case Op::ReplaceFrame:
    case Op::InsertFrame:
      move_frames(reply, step);
      return true;
    case Op::AppendFrame:
      reply.frames.push_back(step.text);
      return true;
    case Op::Reframe:
      reframe(reply, step.name);
      return true;
    case Op::Status:
      reply.status = static_cast<int>(step.value.root().int_or(200));
      return true;
    case Op::Header:
      change_header(reply, step);
      return true;
    case Op::Body:
      reply.is_stream = false;
      reply.body = step.text;
      return true;
    case Op::Cut:
      reply.is_short = true;
      return true;
    case Op::LateEnd:
      reply.never_closes = true;
      return true;
    case Op::Bunch:
      reply.is_bunched = true;
      return true;
    case Op::NoSecond:
      (step.name == "error" ? reply.no_second_after_error : reply.no_second) = true;
      return true;
    case Op::Ignore:
      return false;
    case Op::AskAgain:
    case Op::AskSet:
    case Op::AskRemove:
    case Op::AskStay:
      return ask(step, reply.upstream);
  }
  return false;
}

}  // namespace

bool commit(const Deviation& deviation, ScriptedReply& reply) {
  return std::all_of(deviation.steps.begin(), deviation.steps.end(),
                     [&](const DeviationStep& step) { return commit_step(step, reply); });
}

}  // namespace mimus::conformance
