#include "server/encode/completion_body.h"

#include <algorithm>

#include "api/json_writer.h"
#include "server/encode/chat_members.h"

namespace mimus::server {
namespace {

std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

void append_choice(std::size_t index, const Choice& choice, std::string& out) {
  out.append(R"({"text":)");
  append_quoted(choice.text, out);
  out.append(R"(,"index":)");
  append_integer(static_cast<std::int64_t>(index), out);
  out.append(R"(,"logprobs":)");
  if (choice.logprobs.empty()) {
    out.append("null");
  } else {
    append_legacy_logprobs(choice.logprobs, 0, out);
  }
  out.append(R"(,"finish_reason":")").append(name_of(choice.finish)).append(R"("})");
}

}  // namespace

std::int64_t append_legacy_logprobs(std::span<const TokenLogprob> tokens, std::int64_t offset, std::string& out) {
  JsonWriter writer(out);
  out.append(R"({"tokens":[)");
  for (const TokenLogprob& token : tokens) writer.string(token.token);
  out.append(R"(],"token_logprobs":[)");
  for (const TokenLogprob& token : tokens) writer.number(token.logprob);
  out.append(R"(],"top_logprobs":[)");
  for (const TokenLogprob& token : tokens) {
    writer.object();
    for (const auto& [text, logprob] : token.top) writer.key(text).number(logprob);
    writer.end_object();
  }
  out.append(R"(],"text_offset":[)");
  for (const TokenLogprob& token : tokens) {
    writer.integer(offset);
    offset += characters(token.token);
  }
  out.append("]}");
  return offset;
}

std::string encode_completion(const ChatFrame& frame, const Reply& reply) {
  std::string out;
  append_start(frame, "text_completion", out);
  out.append(R"(,"choices":[)");
  for (std::size_t i = 0; i < reply.choices.size(); ++i) {
    if (i != 0) out.push_back(',');
    append_choice(i, reply.choices[i], out);
  }
  out.append(R"(],"usage":)");
  append_usage(reply.usage, frame.style, out);
  if (frame.style.system_fingerprint && !frame.system_fingerprint.empty()) {
    out.append(R"(,"system_fingerprint":)");
    append_quoted(frame.system_fingerprint, out);
  }
  out.push_back('}');
  return out;
}

}  // namespace mimus::server
