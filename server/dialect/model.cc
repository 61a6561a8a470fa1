#include "server/dialect/model.h"

#include <algorithm>
#include <limits>

#include "api/object_reader.h"
#include "server/dialect/situations.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::optional<std::int64_t> optional_integer(ObjectReader& reader, std::string_view key) {
  const std::int64_t value = reader.integer(key, -1, 0, kMost);
  if (value < 0) return std::nullopt;
  return value;
}

Result<ParameterRefusal> read_refusal(std::string_view parameter, Json json, const std::string& where) {
  ObjectReader reader(json, where);
  ParameterRefusal refusal;
  refusal.parameter = parameter;
  refusal.instead = reader.string("use", "");
  for (const Json value : reader.array("except").elements()) refusal.accepted.push_back(to_text(value));
  refusal.only_while_reasoning = reader.boolean("only_while_reasoning", false);
  if (const auto done = reader.finish(); !done) return done.error();
  return refusal;
}

Result<ImageInputs> read_image_inputs(Json json, const std::string& where) {
  constexpr std::int64_t kMostPictures = 1000;
  ImageInputs inputs;
  ObjectReader reader(json, where);
  if (auto types = reader.strings("types"); !types.empty()) inputs.types = std::move(types);
  inputs.most = reader.integer("most", inputs.most, 1, kMostPictures);
  inputs.megabytes = reader.integer("megabytes", inputs.megabytes, 1, kMostPictures);
  inputs.is_square = reader.boolean("square", false);
  inputs.modes = reader.strings("modes");
  inputs.unreadable = reader.string("unreadable", inputs.unreadable);
  inputs.too_large = reader.string("too_large", inputs.too_large);
  for (const auto& [key, situation] :
       {std::pair("unreadable", inputs.unreadable), std::pair("too_large", inputs.too_large)}) {
    if (find_situation(situation) == nullptr) reader.fail(key, "no such situation: " + situation);
  }
  if (const auto done = reader.finish(); !done) return done.error();
  return inputs;
}

// One model, its family already laid under it.
Result<Model> read_model(std::string_view id, Json json, const std::string& where) {
  ObjectReader reader(json, where);
  Model model;
  model.id = id;
  model.snapshot = reader.string("snapshot", id);
  model.owned_by = reader.string("owned_by", "system");
  model.created = optional_integer(reader, "created");
  model.serves = reader.strings("serves");
  model.refuses_roles = reader.strings("refuses_roles");
  model.refuses_parts = reader.strings("refuses_parts");
  model.reasoning_effort = reader.string("reasoning_effort", "");
  model.context_tokens = optional_integer(reader, "context_tokens");
  model.max_output_tokens = optional_integer(reader, "max_output_tokens");
  model.embedding_dimensions = optional_integer(reader, "embedding_dimensions");
  model.max_prompt_chars = optional_integer(reader, "max_prompt_chars");
  model.images_inline = reader.boolean("images_inline", false);
  model.revises_prompt = reader.boolean("revises_prompt", false);
  if (const Json json_inputs = reader.object("image_inputs")) {
    auto inputs = read_image_inputs(json_inputs, reader.path_of("image_inputs"));
    if (!inputs) return inputs.error();
    model.image_inputs = std::move(*inputs);
  }
  const Json refuses = reader.object("refuses");
  for (const auto [parameter, rule] : refuses.members()) {
    auto refusal = read_refusal(parameter, rule, reader.path_of("refuses") + "/" + pointer_step(parameter));
    if (!refusal) return refusal.error();
    model.refuses.push_back(std::move(*refusal));
  }
  reader.string("family", "");
  if (const auto done = reader.finish(); !done) return done.error();
  return model;
}

}  // namespace

bool Model::serves_operation(std::string_view operation) const {
  return serves.empty() || std::find(serves.begin(), serves.end(), operation) != serves.end();
}

Result<std::vector<Model>> read_models(Json models, Json families, const std::string& where) {
  for (const auto [name, family] : families.members()) {
    const auto checked = read_model(name, family, "/families/" + pointer_step(name));
    if (!checked) return checked.error();
  }
  std::vector<Model> result;
  for (const auto [id, json] : models.members()) {
    const std::string here = where + "/" + pointer_step(id);
    const Json name = json.find("family");
    const Json family = families.find(name.string_or(""));
    if (name && !family) return Error{Errc::BadInput, "no such family: " + describe(name), here + "/family"};
    const JsonDocument merged = merge_patch(family, json);
    auto model = read_model(id, family ? merged.root() : json, here);
    if (!model) return model.error();
    result.push_back(std::move(*model));
  }
  return result;
}

}  // namespace mimus::server
