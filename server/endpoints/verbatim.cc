#include "server/endpoints/verbatim.h"

#include <set>

#include "server/endpoints/form_body.h"
#include "server/endpoints/query.h"
#include "server/endpoints/raw_reply.h"
#include "server/journal/redact.h"
#include "server/match/choose.h"
#include "server/match/directives.h"
#include "server/match/render.h"
#include "server/scripting.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

class BodyWriter {
 public:
  BodyWriter() : json_(text_) { json_.object(); }

  void add_members(Json body) {
    for (const auto [name, value] : body.members()) {
      if (is_new(name)) json_.key(name).value(value);
    }
  }
  void add_form(const Form& form) {
    for (const FormPart& part : form.parts) {
      if (!is_utf8(part.name) || !is_new(part.name)) continue;
      json_.key(part.name);
      part.filename ? add_file(part) : void(json_.string(is_utf8(part.body) ? part.body : std::string_view()));
    }
  }
  void add_text(std::string_view name, std::string_view value) {
    if (is_utf8(name) && is_utf8(value) && is_new(name)) json_.member(name, value);
  }
  JsonDocument finish() {
    json_.end_object();
    auto document = parse_json(text_);
    return document ? std::move(*document) : JsonDocument();
  }

 private:
  bool is_new(std::string_view name) { return seen_.insert(std::string(name)).second; }
  void add_file(const FormPart& part) {
    const bool is_named = is_utf8(*part.filename);
    json_.array().object().member("filename", is_named ? std::string_view(*part.filename) : std::string_view());
    json_.member("content_type", is_utf8(part.content_type) ? part.content_type : std::string_view());
    json_.member("bytes", static_cast<std::int64_t>(part.body.size())).end_object().end_array();
  }

  std::string text_;
  JsonWriter json_;
  std::set<std::string> seen_;
};

JsonDocument body_of(const Exchange& exchange) {
  BodyWriter writer;
  if (media_type(exchange.http.header("content-type")) == "multipart/form-data") {
    const auto form = read_form(exchange.http.header("content-type"), exchange.http.body);
    if (form) writer.add_form(*form);
  } else if (const auto json = parse_json(exchange.http.body)) {
    writer.add_members(json->root());
  }
  for (const auto& [name, value] : exchange.path_values) writer.add_text(name, value);
  for (const auto& [name, value] : query_pairs(exchange.http.query)) {
    if (name != exchange.endpoint.auth.query && !is_secret_parameter(name)) writer.add_text(name, value);
  }
  return writer.finish();
}

}  // namespace

PlainRequest::PlainRequest(const Exchange& exchange) : exchange_(exchange), body_(body_of(exchange)) {}

Question PlainRequest::question() const {
  return question_of(exchange_.endpoint.operation, split_model(body_.root().find("model").string_or("")).model, false,
                     body_.root(), exchange_.http.headers);
}

bool PlainRequest::has_directives() const {
  return !exchange_.http.header("x-mimus").empty() ||
         !split_model(body_.root().find("model").string_or("")).directives.empty();
}

std::optional<Delivery> answer_verbatim(const Exchange& exchange, const Services& services, const Question& question) {
  Scripting& scripting = services.scripting;
  const auto matcher = scripting.store.snapshot();
  const std::string_view test_name = exchange.http.header(kTestHeader);
  const auto chosen = choose_verbatim(*matcher, question, scripting.states, test_key(test_name, exchange.api_key));
  if (!chosen || chosen->reply == nullptr) return std::nullopt;
  scripting.store.count_hit(chosen->fixture->id);
  exchange.notes->script = Notes::Script::Matched;
  exchange.notes->model = question.model;
  exchange.notes->stream = question.stream;
  exchange.notes->fixture = chosen->fixture;
  exchange.notes->nth = chosen->nth;
  const TemplateContext context{question, chosen->states, test_name, chosen->nth, services.clock.now()};
  Delivery delivery = raw_reply(std::get<ScriptedRaw>(chosen->reply->content), context);
  delivery.head_due += chosen->reply->delay;
  lay_over(delivery.headers, render_headers(*chosen->reply, context));
  return delivery;
}

}  // namespace mimus::server
