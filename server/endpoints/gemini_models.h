// GET models and GET models/{model} as the Gemini API shows them: the models of the dialect that serve it, in pages.
// Source: Google's reference of models (v1beta).
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_gemini_models(const Exchange& exchange, const Services& services);
Delivery answer_gemini_model(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
