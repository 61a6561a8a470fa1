// Turns refusals into bytes: as the body of a reply, and as an event inside a stream that has begun. Pure, thread-safe.
// Sources: OpenAI API reference, error object (pretty-printed with two spaces and a last newline, as recorded);
// google.rpc.Status for the Gemini shape.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "api/api_error.h"

namespace mimus::server {

// {"error": {...}} with the members that a dialect has, in its order: of message, type, param, code.
std::string encode_error(const ApiError& error, std::span<const std::string> members);

// The same on one line, without a newline.
std::string encode_error_line(const ApiError& error, std::span<const std::string> members);

// {"error":{"code":400,"message":"...","status":"INVALID_ARGUMENT"}}: `status` is the error's type where that is one of
// google.rpc.Code, else what Google maps the HTTP status to. Details say more: a code is the reason of an ErrorInfo, a
// param the field of a BadRequest (several lines are several fields, with a line of the message each), and a
// Retry-After header the delay of a RetryInfo.
std::string encode_google_error(const ApiError& error);

// "INVALID_ARGUMENT" for 400. Source: google/rpc/code.proto, the HTTP mapping in its comments.
std::string_view google_status_of(int http_status);

// Events for streams with their blank line. Chat, legacy completions and (google) Gemini: the error alone.
std::string encode_error_event(const ApiError& error, std::span<const std::string> members);
std::string encode_google_error_event(const ApiError& error);

// Responses: an event of type "error" with its sequence number. What the API sends is nested, what it documents is
// flat.
enum class ErrorEventShape { Nested, Flat };
std::string encode_response_error_event(const ApiError& error, std::int64_t sequence, ErrorEventShape shape);

}  // namespace mimus::server
