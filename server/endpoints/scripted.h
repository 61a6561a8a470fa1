// The way of a request through fixtures and directives, the same for every endpoint: whose turn it is, whether an error
// or raw bytes come instead of a reply, which pace, and which faults the reply leaves with.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/api_error.h"
#include "server/endpoints/endpoint.h"
#include "server/match/choose.h"
#include "server/match/directives.h"

namespace mimus::server {

// What an endpoint needs of the script to build its reply.
struct Script {
  const ScriptedChoices* choices = nullptr;  // null: synthesise
  const ScriptedEmbeddings* embeddings = nullptr;
  const ScriptedImages* images = nullptr;
  const TemplateContext* context = nullptr;  // for rendering; valid during the call
  Directives directives;
  Pace pace;               // the server's, with what the directives change
  Notes* notes = nullptr;  // what the reply costs is noted here; may be null
};

// How the protocol of an endpoint says that something went wrong.
struct ErrorShape {
  std::function<Delivery(const ApiError&)> whole;
  std::function<std::string(const ApiError&, std::int64_t sequence)>
      event;  // inside a stream; complete with blank line
};

// The shape of most endpoints: the dialect's error object, and in streams the same as data.
ErrorShape dialect_errors(const Dialect& dialect);

// The shape of an endpoint whose errors are Google's. `dialect` must outlive it.
ErrorShape errors_of(const Dialect& dialect, ErrorForm form);

struct ScriptedRequest {
  const Question& question;
  std::string_view model_directives;  // what stood behind the model's name
  std::uint64_t digest = 0;           // tells this request from others, for the directive `first`
  ErrorShape errors;
};

using BuildReply = std::function<Delivery(const Script&)>;

// Answers from fixtures and directives, calling `build` where a reply is to be said.
Delivery answer_scripted(const Exchange& exchange, const Services& services, const ScriptedRequest& request,
                         const BuildReply& build);

// The reply to a call: what is scripted, else synthesised. Errors are those of synthesise().
Result<Reply> plan_reply(Call& call, const Script& script, std::uint64_t digest);

}  // namespace mimus::server
