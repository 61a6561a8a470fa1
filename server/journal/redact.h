// Takes credentials out of what is shown of a request: always, with no way to ask for them. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace mimus::server {

inline constexpr std::string_view kRedacted = "[redacted]";

// Whether a header's value may be a credential: the known ones, and whatever is called a key, token, secret, password,
// cookie or authorization, so that the header of a gateway that nobody here has heard of is not shown either.
bool is_secret_header(std::string_view name);

// The same for a parameter of a query (Gemini's `?key=`), percent-decoded.
bool is_secret_parameter(std::string_view name);

// "alt=sse&key=[redacted]".
void append_redacted_query(std::string_view query, std::string& out);

// A JSON body may carry credentials too: the `authorization` and `headers` of an MCP tool. Such members' strings are
// replaced; a body without any is returned as it is. One that is no whole JSON and names such a member is not shown.
std::string redacted_body(std::string_view body);

}  // namespace mimus::server
