#include "server/synth/reply_text.h"

#include "api/json_writer.h"
#include "server/synth/prose.h"
#include "server/synth/rng.h"
#include "server/synth/schema_instance.h"

namespace mimus::server {
namespace {

constexpr int kSummaryTokens = 24;

std::string json_object(const Topics& topics, std::uint64_t digest) {
  std::string text;
  JsonWriter json(text);
  json.object().member("topic", topics.empty() ? noun(Rng(digest).next()) : topics[0]);
  json.member("summary", prose(digest, topics, kSummaryTokens));
  json.key("keywords").array();
  for (const std::string_view word : topics) json.string(word);
  json.end_array().end_object();
  return text;
}

std::string plain_text(const Call& call, const Standing& standing, std::uint64_t digest,
                       std::optional<std::int64_t> tokens) {
  std::string text = recount_results(call, standing);
  text.reserve(512);
  if (tokens) {
    append_prose(digest, standing.topics, *tokens, text);
  } else {
    append_prose(digest, standing.topics, text);
  }
  return text;
}

}  // namespace

std::uint64_t choice_digest(std::uint64_t digest, int index) {
  return derive(digest, static_cast<std::uint64_t>(index));
}

Result<std::string> reply_text(const Call& call, const Standing& standing, std::uint64_t digest,
                               std::optional<std::int64_t> tokens) {
  switch (call.format.kind) {
    case ResponseFormat::Kind::Text:
      break;
    case ResponseFormat::Kind::JsonObject:
      return json_object(standing.topics, digest);
    case ResponseFormat::Kind::JsonSchema: {
      auto text = schema_instance(call.format.schema, digest, standing.topics);
      if (!text) return text.error().in("response_format");
      return text;
    }
  }
  return plain_text(call, standing, digest, tokens);
}

}  // namespace mimus::server
