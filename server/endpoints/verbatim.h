// The last word of fixtures: a raw reply that names its endpoint answers also where mimus has no script, or would
// refuse (a model that the dialect does not know, a parameter that is newer than it). So a recording replays whatever
// it was that a real API answered.
#pragma once

#include <optional>

#include "server/endpoints/endpoint.h"
#include "server/match/question.h"

namespace mimus::server {

// Any request as JSON, for conditions. The members of a JSON body; else the fields of a form, each a string, a file as
// elsewhere ({"filename", "content_type", "bytes"}). Besides, where no member has their name, the values in the path
// and the parameters of the query, as strings, but for credentials.
class PlainRequest {
 public:
  explicit PlainRequest(const Exchange& exchange);
  // A view of this and of the exchange.
  [[nodiscard]] Question question() const;
  // Directives steer mimus, so they are its own to answer or to refuse.
  [[nodiscard]] bool has_directives() const;

 private:
  const Exchange& exchange_;
  JsonDocument body_;
};

// Nothing: there is no such fixture for it.
std::optional<Delivery> answer_verbatim(const Exchange& exchange, const Services& services, const Question& question);

}  // namespace mimus::server
