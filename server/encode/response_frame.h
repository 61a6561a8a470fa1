// What stands around the output of a Responses object: its identity, and the settings that it repeats from the request.
#pragma once

#include <cstdint>
#include <string>

#include "api/json.h"
#include "server/ids.h"

namespace mimus::server {

// The members that repeat the request or its defaults, as JSON text: four runs without commas around them, in the order
// in which the object has them between its other members. Text and not views, for a stream outlives its request.
struct ResponseEcho {
  std::string limits;    // instructions, max_output_tokens, max_tool_calls
  std::string links;     // parallel_tool_calls ... safety_identifier
  std::string settings;  // store ... truncation
  std::string owner;     // user, metadata, conversation
};

// Of the body of POST /responses, which passed the dialect's rules. Members of a wrong kind count as not given.
// Source of members and defaults: OpenAI API reference, response object.
ResponseEcho encode_response_echo(Json request);

struct ResponseFrame {
  std::string id;              // "resp_..."
  Ids ids;                     // of the items
  std::int64_t created = 0;    // seconds since the epoch
  std::int64_t completed = 0;  // the same; shown once the response is complete
  std::string model;
  std::string service_tier;  // "default" where empty; until the response is over it is always "auto"
  bool background = false;
  ResponseEcho echo;
};

}  // namespace mimus::server
