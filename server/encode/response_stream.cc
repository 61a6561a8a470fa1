#include "server/encode/response_stream.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "server/encode/chat_members.h"
#include "server/encode/obfuscation.h"
#include "server/encode/response_body.h"
#include "server/encode/response_items.h"
#include "server/encode/text_cursor.h"
#include "server/pace/schedule.h"

namespace mimus::server {
namespace {

// The events that tell an item of one kind, and what distinguishes their members.
struct Voice {
  std::string_view part_added;  // empty: the item has no parts
  std::string_view delta;
  std::string_view done;
  std::string_view part_done;
  std::string_view place;  // the member that numbers the part
  std::string_view full;   // the member of `done` with the whole text
};

// In the order of ResponseItem::Kind.
constexpr Voice kVoices[] = {
    {"response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
     "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", R"(,"summary_index":0)", "text"},
    {"response.content_part.added", "response.output_text.delta", "response.output_text.done",
     "response.content_part.done", R"(,"content_index":0)", "text"},
    {"response.content_part.added", "response.refusal.delta", "response.refusal.done", "response.content_part.done",
     R"(,"content_index":0)", "refusal"},
    {"", "response.function_call_arguments.delta", "response.function_call_arguments.done", "", "", "arguments"},
    {"", "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done", "", "", "input"},
};

void begin_event(std::string_view type, std::int64_t sequence, std::string& out) {
  out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type).append(R"(","sequence_number":)");
  append_integer(sequence, out);
}

void append_response_event(std::string_view type, std::int64_t sequence, std::string_view response, std::string& out) {
  begin_event(type, sequence, out);
  out.append(R"(,"response":)").append(response).append("}\n\n");
}

class ResponseStream final : public FrameSource {
 public:
  ResponseStream(ResponseFrame frame, Reply reply, const StreamOptions& options)
      : frame_(std::move(frame)),
        reply_(std::move(reply)),
        items_(response_items(frame_.ids, choice())),
        options_(options),
        obfuscation_(options.seed),
        schedule_(options.pace, options.seed) {}

  Pull next(Frame& frame) override {
    frame.bytes.clear();
    if (step_ == Step::Over) return Pull::End;
    const bool has_begun = step_ > Step::InProgress;
    frame.due = has_begun ? schedule_.due(tokens_before_ + cursor_.tokens()) : Duration(0);
    encode_step(frame.bytes);
    ++sequence_;
    return Pull::Ready;
  }

 private:
  enum class Step {
    Created,
    Queued,
    InProgress,
    ItemAdded,
    PartAdded,
    Delta,
    TextDone,
    PartDone,
    ItemDone,
    Final,
    Over
  };

  [[nodiscard]] const Choice& choice() const { return reply_.choices.front(); }
  [[nodiscard]] const ResponseItem& item() const { return items_[index_]; }
  [[nodiscard]] const Voice& voice() const { return kVoices[static_cast<std::size_t>(item().kind)]; }
  [[nodiscard]] const std::string& text() const { return text_of(item(), choice()); }
  [[nodiscard]] bool shows_logprobs() const { return item().kind == ResponseItem::Kind::Text; }

  // Encodes the event of this step and goes to the next.
  void encode_step(std::string& out) {
    switch (step_) {
      case Step::Created:
        encode_pending("response.created", frame_.background ? PendingStatus::Queued : PendingStatus::InProgress, out);
        step_ = frame_.background ? Step::Queued : Step::InProgress;
        break;
      case Step::Queued:
        encode_pending("response.queued", PendingStatus::Queued, out);
        step_ = Step::InProgress;
        break;
      case Step::InProgress:
        encode_pending("response.in_progress", PendingStatus::InProgress, out);
        step_ = Step::ItemAdded;
        break;
      case Step::Final:
        append_response_event(response_status(reply_) == "completed" ? "response.completed" : "response.incomplete",
                              sequence_, encode_response(frame_, reply_), out);
        step_ = Step::Over;
        break;
      default:
        encode_item_step(out);
    }
  }

  void encode_item_step(std::string& out) {
    switch (step_) {
      case Step::ItemAdded:
        encode_item("response.output_item.added", ItemState::Started, out);
        step_ = !voice().part_added.empty() ? Step::PartAdded : step_of_text();
        break;
      case Step::PartAdded:
        encode_part(voice().part_added, false, out);
        step_ = step_of_text();
        break;
      case Step::Delta:
        encode_delta(out);
        step_ = step_of_text();
        break;
      case Step::TextDone:
        encode_text_done(out);
        step_ = voice().part_done.empty() ? Step::ItemDone : Step::PartDone;
        break;
      case Step::PartDone:
        encode_part(voice().part_done, true, out);
        step_ = Step::ItemDone;
        break;
      default:
        encode_item("response.output_item.done", final_state(choice(), items_, index_), out);
        leave_item();
    }
  }

  [[nodiscard]] Step step_of_text() const { return cursor_.is_at_end(text()) ? Step::TextDone : Step::Delta; }

  void leave_item() {
    tokens_before_ += cursor_.tokens();
    cursor_ = {};
    step_ = ++index_ < items_.size() ? Step::ItemAdded : Step::Final;
  }

  void encode_pending(std::string_view type, PendingStatus status, std::string& out) {
    append_response_event(type, sequence_, encode_pending_response(frame_, status), out);
  }

  void append_index(std::string& out) {
    out.append(R"(,"output_index":)");
    append_integer(static_cast<std::int64_t>(index_), out);
  }

  // The members with which all events inside an item begin.
  void begin_item_event(std::string_view type, std::string& out) {
    begin_event(type, sequence_, out);
    out.append(R"(,"item_id":)");
    append_quoted(item().id, out);
    append_index(out);
    out.append(voice().place);
  }

  void encode_item(std::string_view type, ItemState state, std::string& out) {
    begin_event(type, sequence_, out);
    append_index(out);
    out.append(R"(,"item":)");
    append_item(item(), choice(), state, out);
    out.append("}\n\n");
  }

  void encode_part(std::string_view type, bool is_full, std::string& out) {
    begin_item_event(type, out);
    out.append(R"(,"part":)");
    append_part(item(), choice(), is_full, out);
    out.append("}\n\n");
  }

  void encode_delta(std::string& out) {
    const auto first = static_cast<std::size_t>(cursor_.tokens());
    const auto entries =
        shows_logprobs() ? std::span<const TokenLogprob>(choice().logprobs) : std::span<const TokenLogprob>();
    begin_item_event(voice().delta, out);
    out.append(R"(,"delta":)");
    const std::size_t before = out.size();
    append_quoted(cursor_.next(text(), options_.pace.chunk_tokens, entries), out);
    const std::size_t payload = out.size() - before - 2;
    if (shows_logprobs()) {
      const std::size_t last = std::min(static_cast<std::size_t>(cursor_.tokens()), entries.size());
      out.append(R"(,"logprobs":)");
      append_token_logprobs(first < last ? entries.subspan(first, last - first) : entries.first(0), out);
    }
    if (options_.obfuscate) obfuscation_.append(out.size() - payload, out.size(), out);
    out.append("}\n\n");
  }

  void encode_text_done(std::string& out) {
    begin_item_event(voice().done, out);
    out.append(",\"").append(voice().full).append("\":");
    append_quoted(text(), out);
    if (shows_logprobs()) {
      out.append(R"(,"logprobs":)");
      append_token_logprobs(choice().logprobs, out);
    }
    if (item().kind == ResponseItem::Kind::FunctionCall) {
      out.append(R"(,"name":)");
      append_quoted(choice().tool_calls[item().call].name, out);
    }
    out.append("}\n\n");
  }

  ResponseFrame frame_;
  Reply reply_;
  std::vector<ResponseItem> items_;
  StreamOptions options_;
  Obfuscation obfuscation_;
  Schedule schedule_;
  Step step_ = Step::Created;
  std::int64_t sequence_ = 0;
  std::size_t index_ = 0;  // of the item
  TextCursor cursor_;      // over its text
  std::int64_t tokens_before_ = 0;
};

}  // namespace

std::unique_ptr<FrameSource> make_response_stream(ResponseFrame frame, Reply reply, const StreamOptions& options) {
  return std::make_unique<ResponseStream>(std::move(frame), std::move(reply), options);
}

std::unique_ptr<FrameSource> make_failed_response_stream(const ResponseFrame& frame, const ApiError& error,
                                                         Duration failed_at) {
  std::vector<Frame> frames(3);
  const std::string pending = encode_pending_response(frame, PendingStatus::InProgress);
  append_response_event("response.created", 0, pending, frames[0].bytes);
  append_response_event("response.in_progress", 1, pending, frames[1].bytes);
  append_response_event("response.failed", 2, encode_failed_response(frame, error), frames[2].bytes);
  frames[2].due = failed_at;
  return std::make_unique<FixedFrames>(std::move(frames));
}

}  // namespace mimus::server
