// The way through fixtures and directives for endpoints without a Call: embeddings, pictures, moderations.
#pragma once

#include "server/endpoints/scripted.h"

namespace mimus::server {

// `body` is what was asked, as JSON; `model` its bare name, or the one that stands in where it names none.
Delivery answer_scripted_body(const Exchange& exchange, const Services& services, Json body, std::string_view model,
                              const BuildReply& build);

}  // namespace mimus::server
