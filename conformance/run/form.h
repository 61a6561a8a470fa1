// Bodies of multipart/form-data, for the probes that upload. Pure.
// Source: RFC 7578; RFC 2046, 5.1.
#pragma once

#include <string>
#include <string_view>

#include "api/object_reader.h"

namespace mimus::conformance {

inline constexpr std::string_view kFormType = "multipart/form-data; boundary=mimus-form-boundary";

// The body that sends the members of `form` in their order. A string is a field; an object is a file:
// { "filename", "type", and one of "text", "hex" (pairs of lower-case digits), "wav_ms" (so much silence) }.
// What is wrong goes to `reader`, whose member `form` is.
std::string form_body(Json form, ObjectReader& reader);

// The bytes that pairs of lower-case hexadecimal digits name; anything else gives rubbish, see is_hex().
std::string bytes_of_hex(std::string_view hex);
bool is_hex(std::string_view hex);

}  // namespace mimus::conformance
