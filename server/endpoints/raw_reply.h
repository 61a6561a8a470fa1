// Replies that are scripted as bytes. Pure and thread-safe.
#pragma once

#include <vector>

#include "server/delivery.h"
#include "server/match/fixture.h"

namespace mimus::server {

// The bytes, but for the headers and the delay of the reply they belong to.
Delivery raw_reply(const ScriptedRaw& raw, const TemplateContext& context);

// Adds headers of a fixture; each replaces those of the same name.
void lay_over(std::vector<Header>& headers, std::vector<Header> scripted);

}  // namespace mimus::server
