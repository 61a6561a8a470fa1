#include "server/encode/chat_stream.h"

#include <utility>
#include <vector>

#include "server/encode/chat_deltas.h"
#include "server/encode/chat_members.h"
#include "server/encode/obfuscation.h"
#include "server/pace/schedule.h"

namespace mimus::server {
namespace {

// Everything of a chunk up to its choices: the same all along.
std::string chunk_start(const ChatFrame& frame) {
  std::string out;
  out.reserve(256);
  out.append(R"(data: {"id":)");
  append_quoted(frame.id, out);
  out.append(R"(,"object":"chat.completion.chunk","created":)");
  append_integer(frame.created, out);
  out.append(R"(,"model":)");
  append_quoted(frame.model, out);
  append_tier_and_fingerprint(frame, out);
  out.append(R"(,"choices":[)");
  return out;
}

class ChatStream final : public FrameSource {
 public:
  ChatStream(const ChatFrame& frame, Reply reply, const StreamOptions& options)
      : start_(chunk_start(frame)),
        reply_(std::move(reply)),
        deltas_(reply_.choices.size()),
        style_(frame.style),
        include_usage_(options.include_usage),
        obfuscate_(options.obfuscate),
        chunk_tokens_(options.pace.chunk_tokens),
        obfuscation_(options.seed),
        schedule_(options.pace, options.seed) {
    plain_size_ = start_.size() +
                  std::string_view(R"({"index":0,"delta":{"content":""},"finish_reason":null}])").size() +
                  (style_.logprobs ? std::string_view(R"(,"logprobs":null)").size() : 0) + usage_null().size();
  }

  Pull next(Frame& frame) override {
    frame.bytes.clear();
    frame.bytes.reserve(start_.size() + kUsualRest);
    if (encode_choice(frame)) return Pull::Ready;
    frame.due = schedule_.due(0);  // as late as the latest
    if (include_usage_ && !std::exchange(usage_is_out_, true)) {
      encode_usage(frame.bytes);
      return Pull::Ready;
    }
    if (std::exchange(done_is_out_, true)) return Pull::End;
    frame.bytes = "data: [DONE]\n\n";
    return Pull::Ready;
  }

 private:
  static constexpr std::size_t kUsualRest = 160;

  [[nodiscard]] std::string_view usage_null() const { return include_usage_ ? R"(,"usage":null)" : ""; }

  // The next chunk of the choice whose turn it is; false when all have finished.
  bool encode_choice(Frame& frame) {
    for (std::size_t tried = 0; tried < deltas_.size(); ++tried) {
      const std::size_t index = turn_;
      turn_ = (turn_ + 1) % deltas_.size();
      if (deltas_[index].is_over()) continue;
      frame.due = schedule_.due(deltas_[index].tokens());
      encode_chunk(index, frame.bytes);
      return true;
    }
    return false;
  }

  void encode_chunk(std::size_t index, std::string& out) {
    out.append(start_).append(R"({"index":)");
    append_integer(static_cast<std::int64_t>(index), out);
    out.push_back(',');
    deltas_[index].append_next(reply_.choices[index], style_, chunk_tokens_, out);
    out.append("}]").append(usage_null());
    if (obfuscate_) obfuscation_.append(plain_size_, out.size(), out);
    out.append("}\n\n");
  }

  void encode_usage(std::string& out) {
    out.append(start_).append(R"(],"usage":)");
    append_usage(reply_.usage, style_, out);
    if (obfuscate_) out.append(R"(,"obfuscation":"")");
    out.append("}\n\n");
  }

  std::string start_;
  Reply reply_;
  std::vector<ChatDeltas> deltas_;
  BodyStyle style_;
  bool include_usage_;
  bool obfuscate_;
  int chunk_tokens_;
  Obfuscation obfuscation_;
  Schedule schedule_;
  std::size_t plain_size_ = 0;
  std::size_t turn_ = 0;
  bool usage_is_out_ = false;
  bool done_is_out_ = false;
};

}  // namespace

std::unique_ptr<FrameSource> make_chat_stream(const ChatFrame& frame, Reply reply, const StreamOptions& options) {
  return std::make_unique<ChatStream>(frame, std::move(reply), options);
}

}  // namespace mimus::server
