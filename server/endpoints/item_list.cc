#include "server/endpoints/item_list.h"

#include <algorithm>

#include "api/json_writer.h"

namespace mimus::server {

std::string encode_list(const std::vector<ListEntry>& page, bool has_more) {
  std::string out;
  JsonWriter json(out);
  json.object().member("object", "list").key("data").array();
  for (const ListEntry& entry : page) json.raw(entry.json);
  json.end_array();
  if (page.empty()) {
    json.null_member("first_id").null_member("last_id");
  } else {
    json.member("first_id", page.front().id).member("last_id", page.back().id);
  }
  json.member("has_more", has_more).end_object();
  return out;
}

std::optional<std::string> encode_page(const std::vector<ListEntry>& entries, const PageQuery& query) {
  std::vector<ListEntry> page = entries;
  if (query.order == ListOrder::Descending) std::reverse(page.begin(), page.end());
  if (!query.after.empty()) {
    const auto after = std::find_if(page.begin(), page.end(), [&](const ListEntry& e) { return e.id == query.after; });
    if (after == page.end()) return std::nullopt;
    page.erase(page.begin(), after + 1);
  }
  const bool has_more = page.size() > query.limit;
  if (has_more) page.resize(query.limit);
  return encode_list(page, has_more);
}

}  // namespace mimus::server
