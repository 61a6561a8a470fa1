// What the streams of chat and of legacy completions have in common: chunks with one choice each, by turns, then the
// usage, then [DONE]. Internal to encode.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/delivery.h"
#include "server/encode/chat_members.h"
#include "server/encode/obfuscation.h"
#include "server/encode/stream_options.h"
#include "server/pace/schedule.h"

namespace mimus::server {

// Deltas: a cursor over one choice, such as ChatDeltas, with is_over(), tokens() and
// append_next(index, choice, style, chunk_tokens, out), which appends the whole element of "choices".
template <class Deltas>
class ChunkStream final : public FrameSource {
 public:
  // `start`: the event up to and with the [ of its choices, the same all along. `plain_choice`: the size of a choice
  // with an empty text, to which others are padded.
  ChunkStream(std::string start, std::size_t plain_choice, Reply reply, const BodyStyle& style,
              const StreamOptions& options)
      : start_(std::move(start)),
        reply_(std::move(reply)),
        deltas_(reply_.choices.size()),
        style_(style),
        options_(options),
        obfuscation_(options.seed),
        schedule_(options.pace, options.seed),
        plain_size_(start_.size() + plain_choice + 1 + usage_null().size()) {
    for (Choice& choice : reply_.choices) choice.text.shrink_to_fit();  // a stream may be open for long
  }

  std::optional<Duration> next_due() override {
    if (!next_due_) {
      const std::size_t index = next_choice();
      next_due_ = schedule_.due(index < deltas_.size() ? deltas_[index].tokens() : 0);  // 0: as late as the latest
    }
    return next_due_;
  }

  Pull next(Frame& frame) override {
    frame.bytes.clear();
    frame.due = *next_due();
    next_due_.reset();
    if (const std::size_t index = next_choice(); index < deltas_.size()) {
      turn_ = index + 1 == deltas_.size() ? 0 : index + 1;
      encode_chunk(index, frame.bytes);
      return Pull::Ready;
    }
    if (options_.include_usage && !std::exchange(usage_is_out_, true)) {
      encode_usage(frame.bytes);
      return Pull::Ready;
    }
    if (std::exchange(done_is_out_, true)) return Pull::End;
    frame.bytes = "data: [DONE]\n\n";
    return Pull::Ready;
  }

 private:
  static constexpr std::size_t kUsualRest = 192;  // of a chunk, behind its start

  [[nodiscard]] std::string_view usage_null() const { return options_.include_usage ? R"(,"usage":null)" : ""; }

  // The choice whose turn it is; deltas_.size() when all have finished.
  [[nodiscard]] std::size_t next_choice() const {
    for (std::size_t tried = 0; tried < deltas_.size(); ++tried) {
      const std::size_t index = (turn_ + tried) % deltas_.size();
      if (!deltas_[index].is_over()) return index;
    }
    return deltas_.size();
  }

  void encode_chunk(std::size_t index, std::string& out) {
    out.reserve(start_.size() + kUsualRest);
    out.append(start_);
    deltas_[index].append_next(index, reply_.choices[index], style_, options_.pace.chunk_tokens, out);
    out.push_back(']');
    out.append(usage_null());
    if (options_.obfuscate) obfuscation_.append(plain_size_, out.size(), out);
    out.append("}\n\n");
  }

  void encode_usage(std::string& out) {
    out.append(start_).append(R"(],"usage":)");
    append_usage(reply_.usage, style_, out);
    if (options_.obfuscate) out.append(R"(,"obfuscation":"")");
    out.append("}\n\n");
  }

  std::string start_;
  Reply reply_;
  std::vector<Deltas> deltas_;
  BodyStyle style_;
  StreamOptions options_;
  Obfuscation obfuscation_;
  Schedule schedule_;
  std::optional<Duration> next_due_;  // of the next frame, once it was asked for
  std::size_t plain_size_;
  std::size_t turn_ = 0;
  bool usage_is_out_ = false;
  bool done_is_out_ = false;
};

}  // namespace mimus::server
