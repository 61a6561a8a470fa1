#include "server/encode/completion_stream.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "server/encode/chunk_stream.h"
#include "server/encode/completion_body.h"
#include "server/encode/text_cursor.h"

namespace mimus::server {
namespace {

constexpr std::string_view kPlainChoice = R"({"text":"","index":0,"logprobs":null,"finish_reason":null})";

// The pieces of one choice's text, then an empty one with the finish reason.
class CompletionDeltas {
 public:
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] std::int64_t tokens() const { return cursor_.tokens(); }

  void append_next(std::size_t index, const Choice& choice, const BodyStyle&, int chunk_tokens, std::string& out) {
    is_over_ = cursor_.is_at_end(choice.text);
    const auto first_entry = static_cast<std::size_t>(cursor_.tokens());
    out.append(R"({"text":)");
    append_quoted(cursor_.next(choice.text, chunk_tokens, choice.logprobs), out);
    out.append(R"(,"index":)");
    append_integer(static_cast<std::int64_t>(index), out);
    out.append(R"(,"logprobs":)");
    append_entries(choice, first_entry, out);
    out.append(R"(,"finish_reason":)");
    if (is_over_) {
      append_quoted(name_of(choice.finish), out);
    } else {
      out.append("null");
    }
    out.push_back('}');
  }

 private:
  void append_entries(const Choice& choice, std::size_t first, std::string& out) {
    const std::span<const TokenLogprob> entries(choice.logprobs);
    const std::size_t last = std::min(static_cast<std::size_t>(cursor_.tokens()), entries.size());
    if (first >= last) {
      out.append("null");
      return;
    }
    offset_ = append_legacy_logprobs(entries.subspan(first, last - first), offset_, out);
  }

  TextCursor cursor_;
  std::int64_t offset_ = 0;  // in characters
  bool is_over_ = false;
};

std::string chunk_start(const ChatFrame& frame) {
  std::string out = "data: ";
  append_start(frame, "text_completion", out);
  if (frame.style.system_fingerprint && !frame.system_fingerprint.empty()) {
    out.append(R"(,"system_fingerprint":)");
    append_quoted(frame.system_fingerprint, out);
  }
  out.append(R"(,"choices":[)");
  return out;
}

}  // namespace

std::unique_ptr<FrameSource> make_completion_stream(const ChatFrame& frame, Reply reply, const StreamOptions& options) {
  return std::make_unique<ChunkStream<CompletionDeltas>>(chunk_start(frame), kPlainChoice.size(), std::move(reply),
                                                         frame.style, options);
}

}  // namespace mimus::server
