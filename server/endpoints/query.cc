#include "server/endpoints/query.h"

#include <algorithm>
#include <charconv>

#include "server/dialect/rule_texts.h"
#include "server/percent.h"

namespace mimus::server {

std::vector<std::pair<std::string, std::string>> query_pairs(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(query_decoded(pair.substr(0, equals)),
                       query_decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return pairs;
}

std::optional<std::string> find_query(std::string_view query, std::string_view name) {
  for (auto& [key, value] : query_pairs(query)) {
    if (key == name) return std::move(value);
  }
  return std::nullopt;
}

Result<PageQuery, Refusal> read_page_query(std::string_view query, std::size_t usual, std::size_t most,
                                           ListOrder order) {
  PageQuery page{find_query(query, "after").value_or(""), usual, order};
  if (const auto limit = find_query(query, "limit")) {
    const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    const bool is_number = error == std::errc() && end == limit->data() + limit->size();
    if (!is_number || page.limit < 1 || page.limit > most) {
      return Refusal{
          "invalid_query",
          {{"param", "limit"}, {"expected", "an integer from 1 to " + std::to_string(most)}, {"value", echo(*limit)}}};
    }
  }
  if (const auto asked = find_query(query, "order")) {
    if (*asked != "asc" && *asked != "desc") {
      return Refusal{"invalid_value", {{"param", "order"}, {"value", echo(*asked)}, {"allowed", "'asc' and 'desc'"}}};
    }
    page.order = *asked == "asc" ? ListOrder::Ascending : ListOrder::Descending;
  }
  return page;
}

void finish_list(std::string_view first_id, std::string_view last_id, bool has_more, JsonWriter& json) {
  json.end_array();
  for (const auto& [name, id] : {std::pair("first_id", first_id), std::pair("last_id", last_id)}) {
    json.key(name);
    if (id.empty()) {
      json.null();
    } else {
      json.string(id);
    }
  }
  json.member("has_more", has_more).end_object();
}

}  // namespace mimus::server
