// What POST /responses refuses beyond the rules of its members and the state it refers to. Each check gives the first
// refusal, or nothing; the body has passed the dialect's rules. Pure.
// Source: /v1/responses with gpt-5.6, observed 2026-08-30.
#pragma once

#include <optional>

#include "server/dialect/dialect.h"

namespace mimus::server {

// Sampling, log probabilities, efforts and verbosities that this model does not take.
std::optional<Refusal> check_response_model(Json body, const Model& model);

// Tools and their choice; JSON mode's word; schemas; a response in the background that is not stored.
std::optional<Refusal> check_response_members(Json body);

}  // namespace mimus::server
