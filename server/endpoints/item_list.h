// Lists whose entries are known by id and kept as JSON: pages of them, as clients walk them. Pure and thread-safe.
// Source: OpenAI API reference, lists ({"object":"list","data":[...],"first_id":..,"last_id":..,"has_more":..}).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/state/capped_store.h"

namespace mimus::server {

struct ListEntry {
  std::string_view id;
  std::string_view json;
};

// The page of `entries` (the oldest first) that `query` asks for. Nothing when its `after` is the id of none of them.
std::optional<std::string> encode_page(const std::vector<ListEntry>& entries, const PageQuery& query);

// The list object around entries that are already a page.
std::string encode_list(const std::vector<ListEntry>& page, bool has_more);

}  // namespace mimus::server
