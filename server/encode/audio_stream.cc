#include "server/encode/audio_stream.h"

#include <algorithm>

#include "api/json_writer.h"
#include "server/base64.h"
#include "server/encode/chat_members.h"
#include "server/encode/text_cursor.h"
#include "server/pace/schedule.h"

namespace mimus::server {
namespace {

class SpeechStream final : public FrameSource {
 public:
  SpeechStream(std::string audio, SpeechFraming framing, const AudioUsage& usage, const StreamOptions& options)
      : audio_(std::move(audio)), framing_(framing), usage_(usage), schedule_(options.pace, options.seed) {}

  Pull next(Frame& frame) override {
    frame.bytes.clear();
    if (offset_ < audio_.size()) {
      frame.due = schedule_.due(piece_++);
      const std::string_view piece = std::string_view(audio_).substr(offset_, kSpeechPiece);
      offset_ += piece.size();
      append_piece(piece, frame.bytes);
      return Pull::Ready;
    }
    if (framing_ == SpeechFraming::Audio || is_done_) return Pull::End;
    is_done_ = true;
    frame.due = schedule_.due(piece_);
    append_done(frame.bytes);
    return Pull::Ready;
  }

 private:
  void append_piece(std::string_view piece, std::string& out) const {
    if (framing_ == SpeechFraming::Audio) {
      out.append(piece);
      return;
    }
    out.append(R"(data: {"type":"speech.audio.delta","audio":")");
    append_base64(piece, out);
    out.append("\"}\n\n");
  }

  void append_done(std::string& out) const {
    const std::int64_t input = usage_.text_tokens + usage_.audio_tokens;
    out.append("data: ");
    JsonWriter json(out);
    json.object().member("type", "speech.audio.done").key("usage").object().member("input_tokens", input);
    json.member("output_tokens", usage_.output_tokens).member("total_tokens", input + usage_.output_tokens);
    json.end_object().end_object();
    out.append("\n\n");
  }

  std::string audio_;
  SpeechFraming framing_;
  AudioUsage usage_;
  Schedule schedule_;
  std::size_t offset_ = 0;
  std::int64_t piece_ = 0;
  bool is_done_ = false;
};

class TranscriptStream final : public FrameSource {
 public:
  TranscriptStream(std::string text, std::vector<TokenLogprob> logprobs, const AudioUsage& usage,
                   const StreamOptions& options)
      : text_(std::move(text)),
        logprobs_(std::move(logprobs)),
        usage_(usage),
        chunk_tokens_(options.pace.chunk_tokens),
        schedule_(options.pace, options.seed) {}

  Pull next(Frame& frame) override {
    frame.bytes.clear();
    if (is_done_) return Pull::End;
    const std::int64_t before = cursor_.tokens();
    frame.due = schedule_.due(before);
    if (cursor_.is_at_end(text_)) {
      is_done_ = true;
      append_event("transcript.text.done", "text", text_, 0, logprobs_.size(), frame.bytes);
    } else {
      const std::string_view piece = cursor_.next(text_, chunk_tokens_, logprobs_);
      append_event("transcript.text.delta", "delta", piece, static_cast<std::size_t>(before),
                   static_cast<std::size_t>(cursor_.tokens()), frame.bytes);
    }
    return Pull::Ready;
  }

 private:
  void append_event(std::string_view type, std::string_view member, std::string_view text, std::size_t first,
                    std::size_t last, std::string& out) const {
    out.append(R"(data: {"type":")").append(type).append(R"(",")").append(member).append("\":");
    append_quoted(text, out);
    if (!logprobs_.empty()) {
      out.append(R"(,"logprobs":)");
      append_transcript_logprobs(logprobs_, first, last, out);
    }
    if (is_done_) {
      out.append(R"(,"usage":)");
      append_transcript_usage(usage_, out);
    }
    out.append("}\n\n");
  }

  std::string text_;
  std::vector<TokenLogprob> logprobs_;
  AudioUsage usage_;
  int chunk_tokens_;
  Schedule schedule_;
  TextCursor cursor_;
  bool is_done_ = false;
};

}  // namespace

void append_transcript_usage(const AudioUsage& usage, std::string& out) {
  const std::int64_t input = usage.text_tokens + usage.audio_tokens;
  JsonWriter json(out);
  json.object().member("type", "tokens").member("input_tokens", input).key("input_token_details").object();
  json.member("text_tokens", usage.text_tokens).member("audio_tokens", usage.audio_tokens).end_object();
  json.member("output_tokens", usage.output_tokens).member("total_tokens", input + usage.output_tokens).end_object();
}

void append_transcript_logprobs(const std::vector<TokenLogprob>& logprobs, std::size_t first, std::size_t last,
                                std::string& out) {
  JsonWriter json(out);
  json.array();
  for (std::size_t i = first; i < std::min(last, logprobs.size()); ++i) {
    json.object().member("token", logprobs[i].token).key("logprob").number(logprobs[i].logprob).key("bytes").array();
    for (const char c : logprobs[i].token) json.integer(static_cast<unsigned char>(c));
    json.end_array().end_object();
  }
  json.end_array();
}

std::unique_ptr<FrameSource> make_speech_stream(std::string audio, SpeechFraming framing, const AudioUsage& usage,
                                                const StreamOptions& options) {
  return std::make_unique<SpeechStream>(std::move(audio), framing, usage, options);
}

std::unique_ptr<FrameSource> make_transcript_stream(std::string text, std::vector<TokenLogprob> logprobs,
                                                    const AudioUsage& usage, const StreamOptions& options) {
  return std::make_unique<TranscriptStream>(std::move(text), std::move(logprobs), usage, options);
}

}  // namespace mimus::server
