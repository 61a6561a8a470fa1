// A scripted reply with the values of the request in it: what the endpoints then say. Pure and thread-safe.
#pragma once

#include <vector>

#include "api/api_error.h"
#include "api/header.h"
#include "server/match/fixture.h"
#include "server/reply.h"

namespace mimus::server {

// The choices of a reply. A single scripted one is given `n` times; several are given as they are, whatever `n` was.
// Without a scripted finish it is ToolCalls where tools are called, else Stop. Ids of tool calls that the fixture does
// not give are left empty; logprobs are there whether asked for or not.
std::vector<Choice> render_choices(const ScriptedChoices& scripted, int n, const TemplateContext& context);

// `counted` with what the fixture gives in its place.
Usage overlay(const ScriptedUsage& scripted, Usage counted);

// `row`, the dialect's own error for the situation, with what the fixture gives in its place. Without a situation the
// row may be any: status and message are scripted, and type, param and code are then only what the fixture gives.
ApiError render_error(const ScriptedError& scripted, const ApiError& row, const TemplateContext& context);

// The headers of a reply, with line breaks that a request's value may have brought in taken out.
std::vector<Header> render_headers(const ScriptedReply& reply, const TemplateContext& context);

}  // namespace mimus::server
