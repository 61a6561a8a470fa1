#include "server/endpoints/models.h"

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/refuse.h"

namespace mimus::server {
namespace {

void write_model(JsonWriter& writer, const Model& model) {
  writer.object().member("id", model.id).member("object", "model");
  if (model.created) writer.member("created", *model.created);  // not every vendor documents it
  writer.member("owned_by", model.owned_by).end_object();
}

}  // namespace

Delivery answer_models_list(const Exchange& exchange, const Services&) {
  std::string body;
  JsonWriter writer(body);
  writer.object().member("object", "list").key("data").array();
  for (const Model& model : exchange.dialect.models) write_model(writer, model);
  writer.end_array().end_object();
  return make_json(200, std::move(body));
}

Delivery answer_models_retrieve(const Exchange& exchange, const Services&) {
  const std::string& id = exchange.path_values.front().second;
  const Model* model = exchange.dialect.find_model(id);
  if (model == nullptr) return refuse({"model_not_listed", {{"model", id}}}, exchange.dialect);
  std::string body;
  JsonWriter writer(body);
  write_model(writer, *model);
  return make_json(200, std::move(body));
}

// Only fine-tuned models can be deleted, and mimus has none.
Delivery answer_models_delete(const Exchange& exchange, const Services&) {
  const std::string& id = exchange.path_values.front().second;
  const bool is_known = exchange.dialect.find_model(id) != nullptr;
  return refuse({is_known ? "model_not_deletable" : "model_not_listed", {{"model", echo(id)}}}, exchange.dialect);
}

}  // namespace mimus::server
