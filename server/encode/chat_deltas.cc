#include "server/encode/chat_deltas.h"

#include <algorithm>
#include <cassert>
#include <span>

#include "api/json_writer.h"
#include "server/encode/chat_members.h"

namespace mimus::server {
namespace {

// "tool_calls":[{"index":0,"id":...}] with empty arguments, or "function_call":{"name":...,"arguments":""}.
void append_call_start(const Choice& choice, std::size_t index, std::string& out) {
  const ToolCall& call = choice.tool_calls[index];
  if (is_legacy_call(choice)) {
    out.append(R"("function_call":{"name":)");
    append_quoted(call.name, out);
    out.append(R"(,"arguments":""})");
    return;
  }
  out.append(R"("tool_calls":[{"index":)");
  append_integer(static_cast<std::int64_t>(index), out);
  out.append(R"(,"id":)");
  append_quoted(call.id, out);
  out.append(call.is_custom ? R"(,"type":"custom","custom":{"name":)" : R"(,"type":"function","function":{"name":)");
  append_quoted(call.name, out);
  out.append(call.is_custom ? R"(,"input":""}}])" : R"(,"arguments":""}}])");
}

void append_call_fragment(const Choice& choice, std::size_t index, std::string_view piece, std::string& out) {
  if (is_legacy_call(choice)) {
    out.append(R"("function_call":{"arguments":)");
    append_quoted(piece, out);
    out.push_back('}');
    return;
  }
  out.append(R"("tool_calls":[{"index":)");
  append_integer(static_cast<std::int64_t>(index), out);
  out.append(choice.tool_calls[index].is_custom ? R"(,"custom":{"input":)" : R"(,"function":{"arguments":)");
  append_quoted(piece, out);
  out.append("}}]");
}

// A single call starts together with the role; of several, each starts in a chunk of its own. Both are recorded.
bool starts_with_call(const Choice& choice) {
  return says_nothing(choice) && !choice.refusal && (choice.tool_calls.size() == 1 || is_legacy_call(choice));
}

// The legacy shape has room for one call.
std::size_t shown_calls(const Choice& choice) {
  return is_legacy_call(choice) ? 1 : choice.tool_calls.size();
}

}  // namespace

void ChatDeltas::append_next(std::size_t index, const Choice& choice, const BodyStyle& style, int chunk_tokens,
                             std::string& out) {
  assert(!is_over());
  const Step step = step_;
  const auto first_entry = static_cast<std::size_t>(cursor_.tokens());
  out.append(R"({"index":)");
  append_integer(static_cast<std::int64_t>(index), out);
  append_delta(choice, style, chunk_tokens, out);
  const std::span<const TokenLogprob> entries(choice.logprobs);
  if (step == Step::Text && first_entry < entries.size()) {
    const auto count = std::min(static_cast<std::size_t>(cursor_.tokens()), entries.size()) - first_entry;
    out.append(R"(,"logprobs":)");
    append_logprobs(entries.subspan(first_entry, count), out);
  } else if (style.logprobs) {
    out.append(R"(,"logprobs":null)");
  }
  if (step == Step::Finish) {
    out.append(R"(,"finish_reason":")").append(name_of(choice.finish)).append(R"("})");
    step_ = Step::Over;
  } else {
    out.append(R"(,"finish_reason":null})");
    leave_finished_steps(choice);
  }
}

void ChatDeltas::append_delta(const Choice& choice, const BodyStyle& style, int chunk_tokens, std::string& out) {
  out.append(R"(,"delta":{)");
  switch (step_) {
    case Step::Role:
      append_role(choice, style, out);
      break;
    case Step::Text:
      append_text(choice, chunk_tokens, out);
      break;
    case Step::Refusal:
      append_refusal(choice, chunk_tokens, out);
      break;
    case Step::Calls:
      append_call(choice, chunk_tokens, out);
      break;
    case Step::Finish:
    case Step::Over:
      break;
  }
  out.push_back('}');
}

void ChatDeltas::append_role(const Choice& choice, const BodyStyle& style, std::string& out) {
  out.append(says_nothing(choice) ? R"("role":"assistant","content":null)" : R"("role":"assistant","content":"")");
  if (starts_with_call(choice)) {
    out.push_back(',');
    append_call_start(choice, 0, out);
    call_is_open_ = true;
  }
  if (style.refusal) out.append(R"(,"refusal":null)");
  step_ = Step::Text;
}

void ChatDeltas::append_text(const Choice& choice, int chunk_tokens, std::string& out) {
  out.append(R"("content":)");
  append_quoted(cursor_.next(choice.text, chunk_tokens, choice.logprobs), out);
}

void ChatDeltas::append_refusal(const Choice& choice, int chunk_tokens, std::string& out) {
  out.append(R"("refusal":)");
  append_quoted(cursor_.next(*choice.refusal, chunk_tokens), out);
}

void ChatDeltas::append_call(const Choice& choice, int chunk_tokens, std::string& out) {
  if (!call_is_open_) {
    append_call_start(choice, call_, out);
    call_is_open_ = true;
    return;
  }
  append_call_fragment(choice, call_, cursor_.next(choice.tool_calls[call_].arguments, chunk_tokens), out);
}

void ChatDeltas::leave_finished_steps(const Choice& choice) {
  if (step_ == Step::Text && cursor_.is_at_end(choice.text)) {
    restart_cursor();
    step_ = Step::Refusal;
  }
  if (step_ == Step::Refusal && (!choice.refusal || cursor_.is_at_end(*choice.refusal))) {
    restart_cursor();
    step_ = Step::Calls;
  }
  if (step_ != Step::Calls) return;
  if (call_is_open_ && cursor_.is_at_end(choice.tool_calls[call_].arguments)) {
    restart_cursor();
    ++call_;
    call_is_open_ = false;
  }
  if (call_ >= shown_calls(choice)) step_ = Step::Finish;
}

void ChatDeltas::restart_cursor() {
  tokens_before_ += cursor_.tokens();
  cursor_ = {};
}

}  // namespace mimus::server
