#include "conformance/validate/schema.h"

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "api/embedded.h"
#include "api/json.h"

namespace mimus::conformance {
namespace {

constexpr std::size_t kLongestExcerpt = 120;

std::string text_of(const rapidjson::Pointer& pointer) {
  rapidjson::StringBuffer buffer;
  pointer.Stringify(buffer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string excerpt(const rapidjson::Document& schema, const rapidjson::Pointer& place, const char* keyword) {
  const rapidjson::Value* node = place.Get(schema);
  if (node == nullptr || !node->IsObject() || !node->HasMember(keyword)) return keyword;
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  (*node)[keyword].Accept(writer);
  std::string text = std::string(keyword) + " " + buffer.GetString();
  if (text.size() > kLongestExcerpt) text = text.substr(0, kLongestExcerpt) + "...";
  return text;
}

}  // namespace

Result<std::optional<SchemaProblem>> validate_schema(std::string_view name, std::string_view text) {
  const auto source = find_embedded("schemas/" + std::string(name) + ".json");
  if (!source) return Error{Errc::BadInput, "there is no such schema", std::string(name)};
  if (!parse_json(text)) return Error{Errc::BadInput, "the document is not JSON", std::string(name)};
  rapidjson::Document schema;
  schema.Parse(source->data(), source->size());
  if (schema.HasParseError()) return Error{Errc::BadInput, "the schema is not JSON", std::string(name)};
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  const rapidjson::SchemaDocument compiled(schema);
  rapidjson::SchemaValidator validator(compiled);
  if (document.Accept(validator)) return std::optional<SchemaProblem>();
  return std::optional(
      SchemaProblem{text_of(validator.GetInvalidDocumentPointer()), validator.GetInvalidSchemaKeyword(),
                    excerpt(schema, validator.GetInvalidSchemaPointer(), validator.GetInvalidSchemaKeyword())});
}

}  // namespace mimus::conformance
