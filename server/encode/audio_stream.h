// Streams of the audio endpoints: speech as raw bytes or as events, transcripts as events. Pure and thread-safe.
// Source: OpenAI API reference, stream events of speech and transcriptions: events without names, no [DONE].
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/delivery.h"
#include "server/encode/stream_options.h"
#include "server/reply.h"

namespace mimus::server {

struct AudioUsage {
  std::int64_t text_tokens = 0;   // of the input
  std::int64_t audio_tokens = 0;  // of the input
  std::int64_t output_tokens = 0;
};

// {"type":"tokens","input_tokens":..,"input_token_details":{..},"output_tokens":..,"total_tokens":..}
void append_transcript_usage(const AudioUsage& usage, std::string& out);

// [{"token":..,"logprob":..,"bytes":[..]},...]
void append_transcript_logprobs(const std::vector<TokenLogprob>& logprobs, std::size_t first, std::size_t last,
                                std::string& out);

inline constexpr std::size_t kSpeechPiece = 16 * 1024;  // bytes of audio in a frame

enum class SpeechFraming {
  Audio,   // the bytes as they are
  Events,  // speech.audio.delta with base64, speech.audio.done with the usage
};

// Pieces leave a token's time apart.
std::unique_ptr<FrameSource> make_speech_stream(std::string audio, SpeechFraming framing, const AudioUsage& usage,
                                                const StreamOptions& options);

// transcript.text.delta and transcript.text.done. `logprobs` may be empty; else one for each token of `text`.
std::unique_ptr<FrameSource> make_transcript_stream(std::string text, std::vector<TokenLogprob> logprobs,
                                                    const AudioUsage& usage, const StreamOptions& options);

}  // namespace mimus::server
