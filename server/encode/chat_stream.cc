#include "server/encode/chat_stream.h"

#include <string_view>
#include <utility>

#include "server/encode/chat_deltas.h"
#include "server/encode/chunk_stream.h"

namespace mimus::server {
namespace {

std::string chunk_start(const ChatFrame& frame) {
  std::string out;
  out.reserve(176 + frame.id.size() + frame.model.size());  // most tiers and fingerprints
  out.append("data: ");
  append_start(frame, "chat.completion.chunk", out);
  append_tier_and_fingerprint(frame, out);
  out.append(R"(,"choices":[)");
  return out;
}

std::size_t plain_choice_size(const BodyStyle& style) {
  constexpr std::string_view kPlain = R"({"index":0,"delta":{"content":""},"finish_reason":null})";
  constexpr std::string_view kLogprobs = R"(,"logprobs":null)";
  return kPlain.size() + (style.logprobs ? kLogprobs.size() : 0);
}

}  // namespace

std::unique_ptr<FrameSource> make_chat_stream(const ChatFrame& frame, Reply reply, const StreamOptions& options) {
  return std::make_unique<ChunkStream<ChatDeltas>>(chunk_start(frame), plain_choice_size(frame.style), std::move(reply),
                                                   frame.style, options);
}

}  // namespace mimus::server
