#include "server/endpoints/embeddings.h"

#include <span>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/model_choice.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/scripted_body.h"
#include "server/synth/digest.h"
#include "server/synth/embedding.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostInputs = 2048;
constexpr std::int64_t kMostTokens = 300'000;  // of all inputs together
constexpr std::int64_t kUsualDimensions = 1536;
constexpr std::int64_t kMostDimensions = 4096;  // of a model that the dialect does not know

// The inputs of a body: a string, or tokens as an array of integers, are one; an array of either is many.
Result<std::vector<Json>, Refusal> inputs_of(Json input) {
  const bool is_one = input.is_string() || input.at(0).is_integer();
  std::vector<Json> inputs;
  if (input.is_string()) return std::vector{input};
  const Json::Kind kind = input.at(0).kind();
  for (std::size_t i = 0; i < input.size(); ++i) {
    const Json each = input.at(i);
    if (each.kind() != kind) {
      return Refusal{"invalid_type",
                     {{"param", "input[" + std::to_string(i) + "]"},
                      {"expected", "the type of the first element"},
                      {"found", found_text(each.kind())}}};
    }
    if (!is_one) inputs.push_back(each);
  }
  if (is_one) return std::vector{input};
  if (inputs.size() <= kMostInputs) return inputs;
  return Refusal{
      "array_above_max_length",
      {{"param", "input"}, {"limit", std::to_string(kMostInputs)}, {"found", std::to_string(inputs.size())}}};
}

std::int64_t tokens_of(Json input) {
  return input.is_string() ? count_tokens(input.as_string()) : static_cast<std::int64_t>(input.size());
}

// The tokens of all inputs, or why they are too many.
Result<std::int64_t, Refusal> count_inputs(const std::vector<Json>& inputs, const Model* model) {
  const std::int64_t limit = model != nullptr ? model->context_tokens.value_or(kMostTokens) : kMostTokens;
  std::int64_t total = 0;
  for (const Json input : inputs) {
    const std::int64_t tokens = tokens_of(input);
    if (tokens > limit) {
      return Refusal{"context_length_exceeded_prompt",
                     {{"limit", std::to_string(limit)}, {"found", std::to_string(tokens)}}};
    }
    total += tokens;
  }
  if (total <= kMostTokens) return total;
  return Refusal{"request_tokens_exceeded", {{"limit", std::to_string(kMostTokens)}, {"found", std::to_string(total)}}};
}

Result<std::size_t, Refusal> dimensions_of(Json body, const Model* model) {
  const auto own = model != nullptr ? model->embedding_dimensions : std::nullopt;
  const std::int64_t most = own.value_or(kMostDimensions);
  const std::int64_t asked = body.find("dimensions").int_or(own.value_or(kUsualDimensions));
  if (asked <= most) return static_cast<std::size_t>(asked);
  return Refusal{"integer_above_max_value",
                 {{"param", "dimensions"}, {"limit", std::to_string(most)}, {"found", std::to_string(asked)}}};
}

std::vector<float> embed(Json input, std::size_t dimensions, std::uint64_t seed) {
  if (input.is_string()) return embed_text(input.as_string(), dimensions, seed);
  std::vector<std::int64_t> tokens;
  tokens.reserve(input.size());
  for (const Json token : input.elements()) tokens.push_back(token.int_or(0));
  return embed_tokens(tokens, dimensions, seed);
}

void append_item(std::size_t index, std::span<const float> values, bool as_base64, std::string& out) {
  out += (index == 0 ? R"({"object":"embedding","index":)" : R"(,{"object":"embedding","index":)");
  out += std::to_string(index) + R"(,"embedding":)";
  if (as_base64) {
    out += '"';
    append_base64_floats(values, out);
    out += '"';
  } else {
    append_json_floats(values, out);
  }
  out += '}';
}

struct EmbeddingsRequest {
  std::shared_ptr<const JsonDocument> document;
  ModelChoice choice;
  std::vector<Json> inputs;
  std::size_t dimensions = 0;
  std::int64_t tokens = 0;
  bool as_base64 = false;
};

Result<EmbeddingsRequest, Refusal> read_request(const Exchange& exchange) {
  auto request = read_model_request(exchange);
  if (!request) return request.error();
  auto& [document, choice] = *request;
  const Json body = document->root();
  auto inputs = inputs_of(body.find("input"));
  if (!inputs) return inputs.error();
  const auto dimensions = dimensions_of(body, choice.model);
  if (!dimensions) return dimensions.error();
  const auto tokens = count_inputs(*inputs, choice.model);
  if (!tokens) return tokens.error();
  const bool as_base64 = body.find("encoding_format").string_or("") == "base64";
  return EmbeddingsRequest{std::move(document), std::move(choice), std::move(*inputs), *dimensions, *tokens, as_base64};
}

// The vectors of the script, or else nothing.
std::vector<std::vector<float>> scripted_vectors(const Script& script) {
  std::vector<std::vector<float>> vectors;
  if (script.embeddings == nullptr) return vectors;
  for (const std::vector<double>& vector : script.embeddings->vectors) {
    std::vector<float>& floats = vectors.emplace_back();
    for (const double value : vector) floats.push_back(static_cast<float>(value));
  }
  return vectors;
}

Delivery reply_with_embeddings(const EmbeddingsRequest& request, const Script& script, std::uint64_t server_seed) {
  const std::uint64_t seed = Digest(server_seed).add(request.choice.snapshot).value();
  const std::vector<std::vector<float>> scripted = scripted_vectors(script);
  std::string out = R"({"object":"list","data":[)";
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (scripted.empty()) {
      append_item(i, embed(request.inputs[i], request.dimensions, seed), request.as_base64, out);
    } else {
      append_item(i, scripted[i % scripted.size()], request.as_base64, out);
    }
  }
  out += "],\"model\":";
  JsonWriter(out).string(request.choice.snapshot);
  out += ",\"usage\":";
  JsonWriter(out).object().member("prompt_tokens", request.tokens).member("total_tokens", request.tokens).end_object();
  out += '}';
  note_tokens(script.notes, request.tokens, 0);
  Delivery delivery = make_json(200, std::move(out));
  delivery.head_due = script.pace.ttft;
  return delivery;
}

}  // namespace

Delivery answer_embeddings(const Exchange& exchange, const Services& services) {
  const auto request = read_request(exchange);
  if (!request) return refuse(request.error(), exchange.dialect);
  return answer_scripted_body(
      exchange, services, request->document->root(), request->choice.name,
      [&](const Script& script) { return reply_with_embeddings(*request, script, services.seed); });
}

}  // namespace mimus::server
