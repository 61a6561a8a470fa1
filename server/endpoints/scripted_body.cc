#include "server/endpoints/scripted_body.h"

#include "server/synth/digest.h"

namespace mimus::server {

Delivery answer_scripted_body(const Exchange& exchange, const Services& services, Json body, std::string_view model,
                              const BuildReply& build) {
  const Question question =
      question_of(exchange.endpoint.operation, model, body.find("stream").bool_or(false), body, exchange.http.headers);
  const std::string_view directives = split_model(body.find("model").string_or("")).directives;
  const std::uint64_t digest = Digest(services.seed).add(exchange.endpoint.operation).add(exchange.http.body).value();
  return answer_scripted(exchange, services, {question, directives, digest, dialect_errors(exchange.dialect)}, build);
}

}  // namespace mimus::server
