// Reads bodies of type multipart/form-data: uploads, image edits, transcriptions. Pure and thread-safe.
// Sources: RFC 7578 (form-data), RFC 2046, 5.1 (boundaries), RFC 9110, 5.6 (parameters).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"

namespace mimus::server {

struct FormPart {
  std::string name;
  std::optional<std::string> filename;  // as sent, never to be used as a path
  std::string_view content_type;        // a view into the body; empty when the part does not say
  std::string_view body;                // a view into the body
};

// The parts of a form in their order. Valid as long as the text it was read from.
class Form {
 public:
  std::vector<FormPart> parts;

  // The first part called `name`; nothing when there is none.
  [[nodiscard]] const FormPart* find(std::string_view name) const;
  // Every part called `name` or `name[]`: clients write lists either way.
  [[nodiscard]] std::vector<const FormPart*> all(std::string_view name) const;
};

inline constexpr std::size_t kMaxFormParts = 1000;
inline constexpr std::size_t kMaxPartHead = 16 * 1024;  // bytes of the headers of one part

// The media type of a Content-Type header, without parameters, in lower case: "multipart/form-data".
std::string media_type(std::string_view content_type);

// The form in `body`. Errors (Errc::BadInput) name the part, counted from 0, what was expected and what was found:
// another media type, no boundary, no such boundary in the body, a part without a name, more than kMaxFormParts,
// a head beyond kMaxPartHead, no closing boundary. Parts that repeat a name are fine. Text before the first boundary
// and behind the closing one is ignored, as the standard asks.
Result<Form> read_form(std::string_view content_type, std::string_view body);

}  // namespace mimus::server
