#include <utility>
#include <vector>

#include "server/encode/chat_members.h"
#include "server/encode/gemini_body.h"
#include "server/encode/gemini_members.h"
#include "server/encode/text_cursor.h"
#include "server/pace/schedule.h"

namespace mimus::server {
namespace {

// Walks over one candidate: pieces of the thought, the text and the refusal, then one part per call.
class CandidateParts {
 public:
  [[nodiscard]] bool is_over() const { return step_ == Step::Over; }
  [[nodiscard]] std::int64_t tokens() const { return tokens_before_ + cursor_.tokens(); }

  // Appends the next part. An empty candidate has one part with an empty text.
  void append_next(const Choice& choice, int chunk_tokens, std::string& out) {
    leave_finished_steps(choice);
    if (step_ == Step::Over) {
      append_text_part("", false, out);
      return;
    }
    if (step_ == Step::Calls) {
      append_call_part(choice.tool_calls[call_++], out);
    } else {
      append_text_part(cursor_.next(text(choice), chunk_tokens), step_ == Step::Thought, out);
    }
    leave_finished_steps(choice);
  }

 private:
  enum class Step { Thought, Text, Refusal, Calls, Over };

  [[nodiscard]] std::string_view text(const Choice& choice) const {
    if (step_ == Step::Thought) return choice.reasoning;
    if (step_ == Step::Text) return choice.text;
    return choice.refusal ? std::string_view(*choice.refusal) : std::string_view();
  }

  void leave_finished_steps(const Choice& choice) {
    while (step_ < Step::Calls && cursor_.is_at_end(text(choice))) {
      tokens_before_ += cursor_.tokens();
      cursor_ = {};
      step_ = static_cast<Step>(static_cast<int>(step_) + 1);
    }
    if (step_ == Step::Calls && call_ == choice.tool_calls.size()) step_ = Step::Over;
  }

  Step step_ = Step::Thought;
  TextCursor cursor_;
  std::size_t call_ = 0;
  std::int64_t tokens_before_ = 0;
};

class GeminiStream final : public FrameSource {
 public:
  GeminiStream(const GeminiFrame& frame, Reply reply, const StreamOptions& options, GeminiFraming framing)
      : frame_(frame),
        reply_(std::move(reply)),
        parts_(reply_.choices.size()),
        chunk_tokens_(options.pace.chunk_tokens),
        framing_(framing),
        schedule_(options.pace, options.seed),
        open_(reply_.choices.size()) {}

  Pull next(Frame& frame) override {
    frame.bytes.clear();
    if (open_ == 0) return Pull::End;
    while (parts_[turn_].is_over()) turn_ = (turn_ + 1) % parts_.size();
    frame.due = schedule_.due(parts_[turn_].tokens());
    const bool is_first = !std::exchange(has_begun_, true);
    frame.bytes.append(framing_ == GeminiFraming::Events ? "data: " : is_first ? "[" : ",\n");
    encode_chunk(turn_, frame.bytes);
    frame.bytes.append(framing_ == GeminiFraming::Events ? "\r\n\r\n" : open_ == 0 ? "]" : "");
    turn_ = (turn_ + 1) % parts_.size();
    return Pull::Ready;
  }

 private:
  void encode_chunk(std::size_t index, std::string& out) {
    const Choice& choice = reply_.choices[index];
    out.append(R"({"candidates":[{"content":{"parts":[)");
    parts_[index].append_next(choice, chunk_tokens_, out);
    out.append(R"(],"role":"model"})");
    if (parts_[index].is_over()) {
      --open_;
      out.append(R"(,"finishReason":")").append(gemini_name_of(choice.finish)).push_back('"');
    }
    out.append(R"(,"index":)");
    append_integer(static_cast<std::int64_t>(index), out);
    out.append("}]");
    append_gemini_end(frame_, reply_.usage, open_ == 0, out);
  }

  GeminiFrame frame_;
  Reply reply_;
  std::vector<CandidateParts> parts_;
  int chunk_tokens_;
  GeminiFraming framing_;
  Schedule schedule_;
  std::size_t open_;  // candidates that have not finished
  std::size_t turn_ = 0;
  bool has_begun_ = false;
};

}  // namespace

std::unique_ptr<FrameSource> make_gemini_stream(const GeminiFrame& frame, Reply reply, const StreamOptions& options,
                                                GeminiFraming framing) {
  return std::make_unique<GeminiStream>(frame, std::move(reply), options, framing);
}

}  // namespace mimus::server
