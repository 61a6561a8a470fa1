#include "server/endpoints/form_body.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

bool has(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view plain_name(std::string_view name) {
  return name.ends_with("[]") ? name.substr(0, name.size() - 2) : name;
}

std::optional<std::int64_t> read_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void write_files(const Form& form, std::string_view name, JsonWriter& json) {
  json.key(name).array();
  for (const FormPart* part : form.all(name)) {
    json.object().member("filename", part->filename.value_or(""));
    const bool is_text = is_utf8(part->content_type);
    json.member("content_type", is_text ? part->content_type : std::string_view());
    json.member("bytes", static_cast<std::int64_t>(part->body.size())).end_object();
  }
  json.end_array();
}

void write_value(std::string_view name, std::string_view text, const FormMembers& members, JsonWriter& json) {
  json.key(name);
  const auto number = has(members.integers, name) ? read_integer(text) : std::nullopt;
  if (number) {
    json.integer(*number);
  } else if (has(members.flags, name) && (text == "true" || text == "false")) {
    json.boolean(text == "true");
  } else {
    json.string(text);
  }
}

}  // namespace

Result<Form, Refusal> read_request_form(std::string_view content_type, std::string_view body) {
  if (media_type(content_type) != "multipart/form-data") {
    return Refusal{"unsupported_media_type", {{"content_type", echo(content_type)}}};
  }
  auto form = read_form(content_type, body);
  if (!form) return Refusal{"invalid_multipart", {{"reason", form.error().text()}}};
  return std::move(*form);
}

Result<std::shared_ptr<const JsonDocument>, Refusal> form_as_json(const Form& form, const FormMembers& members,
                                                                  const Endpoint& endpoint) {
  std::string text;
  JsonWriter json(text);
  std::set<std::string_view> seen;
  json.object();
  for (const FormPart& part : form.parts) {
    const std::string_view name = plain_name(part.name);
    const bool is_file = has(members.files, name);
    if (is_file && !part.filename) {
      return Refusal{
          "invalid_type",
          {{"param", std::string(name)}, {"expected", "one of an array of files or file"}, {"found", "a string"}}};
    }
    if (!seen.insert(name).second) continue;
    if (is_file) {
      write_files(form, name, json);
      continue;
    }
    if (!is_utf8(part.body)) {
      return Refusal{"invalid_multipart", {{"reason", "the value of '" + echo(name) + "' is not UTF-8"}}};
    }
    write_value(name, part.body, members, json);
  }
  json.end_object();
  auto document = parse_json(text);
  if (!document) return Refusal{"invalid_multipart", {{"reason", "its fields cannot be read"}}};
  if (auto refusal = endpoint.rules.check(document->root())) return std::move(*refusal);
  return std::make_shared<const JsonDocument>(std::move(*document));
}

}  // namespace mimus::server
