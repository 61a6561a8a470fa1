#include "server/endpoints/content_type.h"

#include "api/header.h"
#include "server/dialect/rule_texts.h"

namespace mimus::server {

std::optional<Refusal> check_json_content_type(std::string_view content_type) {
  std::string_view media = content_type.substr(0, content_type.find(';'));
  while (!media.empty() && (media.back() == ' ' || media.back() == '\t')) media.remove_suffix(1);
  while (!media.empty() && (media.front() == ' ' || media.front() == '\t')) media.remove_prefix(1);
  if (equal_ignoring_case(media, "application/json")) return std::nullopt;
  return Refusal{"unsupported_content_type", {{"content_type", echo(content_type)}}};
}

}  // namespace mimus::server
