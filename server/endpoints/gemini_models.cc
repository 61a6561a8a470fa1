#include "server/endpoints/gemini_models.h"

#include <algorithm>
#include <charconv>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/gemini_parse.h"
#include "server/endpoints/query.h"
#include "server/endpoints/refuse.h"

namespace mimus::server {
namespace {

constexpr std::size_t kUsualPage = 50;
constexpr std::size_t kLargestPage = 1000;  // more is taken as this
constexpr std::pair<std::string_view, std::string_view> kMethods[] = {{"gemini.generate", "generateContent"},
                                                                      {"gemini.stream", "streamGenerateContent"},
                                                                      {"gemini.count", "countTokens"}};

bool is_gemini_model(const Model& model) {
  return model.serves_operation("gemini.generate");
}

// "Gemini 2.5 Flash" for "gemini-2.5-flash".
std::string display_name(std::string_view id) {
  std::string name(id);
  bool starts_word = true;
  for (char& c : name) {
    if (c == '-') c = ' ';
    if (starts_word && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    starts_word = c == ' ';
  }
  return name;
}

void write_model(const Model& model, JsonWriter& json) {
  json.object().member("name", "models/" + model.id).member("version", "001");
  json.member("displayName", display_name(model.id));
  if (model.context_tokens) json.member("inputTokenLimit", *model.context_tokens);
  if (model.max_output_tokens) json.member("outputTokenLimit", *model.max_output_tokens);
  json.key("supportedGenerationMethods").array();
  for (const auto& [operation, method] : kMethods) {
    if (model.serves_operation(operation)) json.string(method);
  }
  json.end_array().member("temperature", 1).key("topP").number(0.95).member("topK", 64).member("maxTemperature", 2);
  json.end_object();
}

Delivery make_google_json(std::string body) {
  Delivery delivery = make_json(200, std::move(body));
  delivery.headers.front().value = "application/json; charset=UTF-8";
  return delivery;
}

// The size of a page; nothing when the query asks for none that there is. Zero stands for the usual size.
std::optional<std::size_t> page_size(std::string_view query) {
  const auto text = find_query(query, "pageSize");
  if (!text) return kUsualPage;
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), size);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return size == 0 ? kUsualPage : std::min(size, kLargestPage);
}

Delivery refuse_query(const Exchange& exchange, std::string message) {
  return deliver_error(invalid_argument(std::move(message)), exchange.dialect, exchange.endpoint.error_form);
}

}  // namespace

Delivery answer_gemini_models(const Exchange& exchange, const Services&) {
  std::vector<const Model*> models;
  for (const Model& model : exchange.dialect.models) {
    if (is_gemini_model(model)) models.push_back(&model);
  }
  const auto size = page_size(exchange.http.query);
  const std::string token = find_query(exchange.http.query, "pageToken").value_or("");  // the id of its first model
  const auto first = token.empty() ? models.begin()
                                   : std::find_if(models.begin(), models.end(),
                                                  [&](const Model* model) { return model->id == token; });
  if (!size) {
    const std::string found = echo(find_query(exchange.http.query, "pageSize").value_or(""));
    return refuse_query(exchange, "Invalid value at 'page_size' (TYPE_INT32), \"" + found + "\"");
  }
  if (first == models.end() && !token.empty()) return refuse_query(exchange, "Page token is invalid.");
  const auto last = first + static_cast<std::ptrdiff_t>(std::min<std::size_t>(*size, models.end() - first));
  std::string out;
  JsonWriter json(out);
  json.object().key("models").array();
  for (auto model = first; model != last; ++model) write_model(**model, json);
  json.end_array();
  if (last != models.end()) json.member("nextPageToken", (*last)->id);
  json.end_object();
  return make_google_json(std::move(out));
}

Delivery answer_gemini_model(const Exchange& exchange, const Services&) {
  const std::string& id = exchange.path_values.front().second;
  const Model* model = exchange.dialect.find_model(id);
  if (model == nullptr || !is_gemini_model(*model)) {
    return refuse({"model_not_listed", {{"model", echo(id)}}}, exchange.dialect, exchange.endpoint.error_form);
  }
  std::string out;
  JsonWriter json(out);
  write_model(*model, json);
  return make_google_json(std::move(out));
}

}  // namespace mimus::server
