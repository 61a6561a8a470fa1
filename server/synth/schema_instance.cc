#include "server/synth/schema_instance.h"

#include "server/synth/schema/instance_builder.h"

namespace mimus::server {
namespace {

constexpr std::uint32_t kAttempts = 6;

Result<std::string> instance_of(Json root, const SchemaParts& parts, std::uint64_t digest, const Topics& topics) {
  Patterns patterns;
  Error failure{Errc::BadInput, "found no value that satisfies the whole schema", {}};
  for (std::uint32_t attempt = 0; attempt < kAttempts; ++attempt) {
    std::string text;
    InstanceBuilder builder(root, digest, attempt, topics, patterns);
    if (!builder.build(parts, {}, text)) {
      if (attempt == 0) failure = builder.failure();
      if (builder.is_exhausted()) break;
      continue;
    }
    const auto document = parse_json(text);
    if (document && SchemaCheck(root, patterns).accepts(root, document->root())) return text;
  }
  return failure;
}

}  // namespace

Result<std::string> schema_instance(Json schema, std::uint64_t digest, const Topics& topics) {
  return instance_of(schema, {schema}, digest, topics);
}

Result<std::string> object_instance(Json schema, std::uint64_t digest, const Topics& topics) {
  if (!schema || schema.size() == 0) return std::string("{}");
  static const auto kObject = parse_json(R"({"type":"object"})");
  return instance_of(schema, {schema, kObject->root()}, digest, topics);
}

}  // namespace mimus::server
