#include "server/record/recording_text.h"

#include "api/json.h"
#include "server/record/array_text.h"

namespace mimus::server {
namespace {

std::optional<std::size_t> fixture_of(Json fixtures, Json when) {
  std::size_t index = 0;
  for (const Json fixture : fixtures.elements()) {
    const bool is_ours = fixture.size() == 2 && fixture.find("replies").is_array();
    if (is_ours && equal(fixture.find("when"), when)) return index;
    ++index;
  }
  return std::nullopt;
}

}  // namespace

std::string empty_recording() {
  return "{\n  \"mimus\": 1,\n  \"fixtures\": [\n  ]\n}\n";
}

Result<std::string> with_exchange(std::string_view text, std::string_view when, std::string_view reply) {
  const auto document = parse_json(text, JsonSyntax::Relaxed);
  const auto wanted = parse_json(when);
  if (!document) return Error{Errc::BadInput, document.error().message, ""};
  if (!wanted) return Error{Errc::BadInput, wanted.error().message, "when"};
  const std::size_t root = root_in(text);
  const auto fixtures = member_in(text, root, "fixtures");
  if (!document->root().find("fixtures").is_array() || !fixtures) {
    return Error{Errc::BadInput, "expected an array of fixtures", "/fixtures"};
  }
  if (const auto index = fixture_of(document->root().find("fixtures"), wanted->root())) {
    const auto fixture = element_in(text, *fixtures, *index);
    const auto replies = fixture ? member_in(text, *fixture, "replies") : std::nullopt;
    if (replies) return with_element(text, *replies, reply, "        ");
  }
  const std::string fixture =
      "{ \"when\": " + std::string(when) + ",\n      \"replies\": [\n        " + std::string(reply) + "\n      ] }";
  return with_element(text, *fixtures, fixture, "    ");
}

}  // namespace mimus::server
