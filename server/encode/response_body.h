// The Responses object. Pure and thread-safe. Only the first choice of a reply is shown: the endpoint has no n.
// Sources: OpenAI API reference, response object; recorded replies for the order of members.
#pragma once

#include <string>

#include "api/api_error.h"
#include "server/encode/response_frame.h"
#include "server/reply.h"

namespace mimus::server {

// The object when the reply is out: completed, or incomplete where the reply was cut (finish Length or ContentFilter).
std::string encode_response(const ResponseFrame& frame, const Reply& reply);

// The object before that: no output, no usage.
enum class PendingStatus { Queued, InProgress, Cancelled };
std::string encode_pending_response(const ResponseFrame& frame, PendingStatus status);

// The object of a response that failed. Its error has a code and a message only; without a code it is a server_error.
std::string encode_failed_response(const ResponseFrame& frame, const ApiError& error);

// How a finished reply is called: "completed" or "incomplete".
std::string_view response_status(const Reply& reply);

// {"input_tokens":..,"input_tokens_details":..,...,"total_tokens":..}
void append_response_usage(const Usage& usage, std::string& out);

}  // namespace mimus::server
