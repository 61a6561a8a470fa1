// The text of a file of recorded fixtures, and how an exchange is added to it. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "api/result.h"

namespace mimus::server {

// A file without a fixture.
std::string empty_recording();

// `text` with one exchange more. Where a fixture has this `when`, these `replies` and no more members than these two,
// the reply goes behind its others: the same request, asked again, is answered by the replies in their order. Else it
// is a new fixture at the end. All else stays to the byte. Errors: the text is no fixture file.
Result<std::string> with_exchange(std::string_view text, std::string_view when, std::string_view reply);

}  // namespace mimus::server
