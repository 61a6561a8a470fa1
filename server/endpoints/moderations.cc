#include "server/endpoints/moderations.h"

#include "api/json_writer.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/image_address.h"
#include "server/endpoints/model_choice.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/scripted_body.h"
#include "server/ids.h"
#include "server/synth/digest.h"
#include "server/synth/moderation.h"

namespace mimus::server {
namespace {

// One thing to judge: a text, or a message of texts and images.
struct Subject {
  std::string text;
  bool has_text = false;
  bool has_image = false;
};

std::vector<Subject> subjects_of(Json input) {
  if (input.is_string()) return {{std::string(input.as_string()), true, false}};
  std::vector<Subject> subjects;
  Subject message;
  for (const Json each : input.elements()) {
    if (each.is_string()) {
      subjects.push_back({std::string(each.as_string()), true, false});
      continue;
    }
    // The address of an image counts as words: a test flags an image by what its address says.
    const Json text = each.find("text");
    const Json url = each.find_pointer("/image_url/url");
    message.text += std::string(text.string_or("")) + std::string(url.string_or("")) + "\n";
    message.has_text = message.has_text || text;
    message.has_image = message.has_image || url;
  }
  if (message.has_text || message.has_image) subjects.push_back(std::move(message));
  return subjects;
}

// Unverified: that the vendor looks at the address before it fetches it.
std::optional<Refusal> check_images(Json input) {
  for (std::size_t i = 0; input.is_array() && i < input.size(); ++i) {
    const Json url = input.at(i).find_pointer("/image_url/url");
    if (!url || fault_of_image_address(url.string_or("")) == AddressFault::None) continue;
    return Refusal{"invalid_image_url", {{"param", "input[" + std::to_string(i) + "].image_url.url"}}};
  }
  return std::nullopt;
}

// Source: OpenAI guide on moderation: the other categories look at text only.
bool looks_at_images(std::string_view category) {
  return category.starts_with("self-harm") || category.starts_with("violence") || category == "sexual";
}

void write_result(const Subject& subject, const ModerationResult& result, JsonWriter& json) {
  json.object().member("flagged", result.is_flagged).key("categories").object();
  for (std::size_t i = 0; i < kModerationCategories.size(); ++i) {
    json.member(kModerationCategories[i], static_cast<bool>(result.categories[i]));
  }
  json.end_object().key("category_scores").object();
  for (std::size_t i = 0; i < kModerationCategories.size(); ++i) {
    json.key(kModerationCategories[i]).number(result.scores[i]);
  }
  json.end_object().key("category_applied_input_types").object();
  for (const std::string_view category : kModerationCategories) {
    json.key(category).array();
    if (subject.has_text) json.string("text");
    if (subject.has_image && looks_at_images(category)) json.string("image");
    json.end_array();
  }
  json.end_object().end_object();
}

std::string judge(Json input, const ModelChoice& choice, const Services& services) {
  const Ids ids = services.ids.next(Digest(services.seed).add("moderations").add(choice.name).add(input).value());
  const std::uint64_t seed = Digest(services.seed).add(choice.snapshot).value();
  std::string out;
  JsonWriter json(out);
  json.object().member("id", ids.make(IdKind::Moderation)).member("model", choice.snapshot).key("results").array();
  for (const Subject& subject : subjects_of(input)) write_result(subject, moderate(subject.text, seed), json);
  json.end_array().end_object();
  return out;
}

}  // namespace

Delivery answer_moderations(const Exchange& exchange, const Services& services) {
  const Dialect& dialect = exchange.dialect;
  const auto request = read_model_request(exchange);
  if (!request) return refuse(request.error(), dialect);
  const Json body = request->document->root();
  const ModelChoice& choice = request->choice;

  if (const auto refusal = check_images(body.find("input"))) return refuse(*refusal, dialect);
  return answer_scripted_body(exchange, services, body, choice.name, [&](const Script& script) {
    Delivery delivery = make_json(200, judge(body.find("input"), choice, services));
    delivery.head_due = script.pace.ttft;
    return delivery;
  });
}

}  // namespace mimus::server
