// A form as the JSON object that the same request would be, so that rules, models, fixtures and everything else read
// both alike. In a form every value is a text: members that are numbers or flags become such where their text is one,
// and stay a string where it is not, which the rules then refuse as the vendor does. Pure and thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "api/json.h"
#include "api/result.h"
#include "server/dialect/dialect.h"
#include "server/multipart.h"

namespace mimus::server {

// The names of the members that are not texts. Views of literals.
struct FormMembers {
  std::span<const std::string_view> integers;
  std::span<const std::string_view> flags;
  std::span<const std::string_view> files;  // each an array of {"filename", "content_type", "bytes"}
};

// The form of a request. Refusals: unsupported_media_type, invalid_multipart.
Result<Form, Refusal> read_request_form(std::string_view content_type, std::string_view body);

// The first value counts where a name that is not a file repeats; "name[]" is "name". Refusals: a file that comes as a
// text (invalid_type), a value that is not UTF-8 (invalid_multipart), what the endpoint's rules refuse.
Result<std::shared_ptr<const JsonDocument>, Refusal> form_as_json(const Form& form, const FormMembers& members,
                                                                  const Endpoint& endpoint);

}  // namespace mimus::server
