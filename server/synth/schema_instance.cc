#include "server/synth/schema_instance.h"
#include "api/json_writer.h"
#include "server/synth/prose.h"
#include "server/synth/rng.h"
namespace mimus::server {
namespace {
void write(Json schema, Rng& rng, const Topics& topics, JsonWriter& json) {
  if (const Json values = schema.find("enum"); values.size() > 0) {
    json.value(values.at(rng.below(static_cast<std::uint32_t>(values.size()))));
    return;
  }
  const std::string_view type = schema.find("type").string_or("string");
  if (type == "object") {
    json.object();
    for (const auto& [key, value] : schema.find("properties").members()) write(value, rng, topics, json.key(key));
    json.end_object();
  } else if (type == "array") {
    json.array();
    write(schema.find("items"), rng, topics, json);
    json.end_array();
  } else if (type == "integer" || type == "number") {
    json.integer(rng.between(1, 20));
  } else if (type == "boolean") {
    json.boolean(rng.one_in(2));
  } else {
    std::string text;
    append_phrase(rng.next(), topics, 2, text);
    json.string(text);
  }
}
}  // namespace
Result<std::string> schema_instance(Json schema, std::uint64_t digest, const Topics& topics) {
  std::string text;
  JsonWriter json(text);
  Rng rng(digest);
  write(schema, rng, topics, json);
  return text;
}
Result<std::string> object_instance(Json schema, std::uint64_t digest, const Topics& topics) {
  if (!schema || schema.size() == 0) return std::string("{}");
  return schema_instance(schema, digest, topics);
}
}  // namespace mimus::server
