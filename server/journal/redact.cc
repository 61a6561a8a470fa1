#include "server/journal/redact.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "api/header.h"
#include "api/json.h"
#include "api/json_writer.h"
#include "server/percent.h"

namespace mimus::server {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool holds_one_of(std::string_view text, const auto& words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Members of a body are matched more narrowly than headers: `max_tokens` and `prompt_cache_key` are no secrets.
constexpr std::array<std::string_view, 8> kSecretMembers = {
    "authorization", "api-key", "api_key", "apikey", "cookie", "password", "access_token", "client_secret"};

bool is_secret_member(std::string_view name) {
  return holds_one_of(lower(name), kSecretMembers);
}

bool has_secret(Json json) {
  for (const auto [key, value] : json.members()) {
    if ((value.is_string() && is_secret_member(key)) || has_secret(value)) return true;
  }
  for (const Json element : json.elements()) {
    if (has_secret(element)) return true;
  }
  return false;
}

void write_redacted(Json json, JsonWriter& writer) {
  if (json.is_object()) {
    writer.object();
    for (const auto [key, value] : json.members()) {
      writer.key(key);
      value.is_string() && is_secret_member(key) ? void(writer.string(kRedacted)) : write_redacted(value, writer);
    }
    writer.end_object();
  } else if (json.is_array()) {
    writer.array();
    for (const Json element : json.elements()) write_redacted(element, writer);
    writer.end_array();
  } else {
    writer.value(json);
  }
}

// The last two name the account.
constexpr std::array<std::string_view, 9> kSecretWords = {
    "auth", "key", "token", "secret", "password", "cookie", "credential", "openai-organization", "openai-project"};
constexpr std::array<std::string_view, 3> kHarmless = {"idempotency-key", "x-idempotency-key", "sec-websocket-key"};

// Tells letters apart, but not their case, nor them from other bytes.
constexpr std::size_t letter_of(char c) {
  return static_cast<unsigned char>(c) & 0x1FU;
}

// The first three letters of all words stand in a row; for each letter, a bit for each place that it has there.
constexpr std::array<std::uint32_t, 32> make_places() {
  static_assert(3 * kSecretWords.size() <= 32);
  std::array<std::uint32_t, 32> places{};
  for (std::size_t i = 0; i < 3 * kSecretWords.size(); ++i) places[letter_of(kSecretWords[i / 3][i % 3])] |= 1U << i;
  return places;
}

constexpr std::uint32_t make_first_places() {
  std::uint32_t first = 0;
  for (std::size_t i = 0; i < kSecretWords.size(); ++i) first |= 1U << 3 * i;
  return first;
}

bool begins_secret(std::string_view text) {
  return std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [text](std::string_view word) { return equal_ignoring_case(text.substr(0, word.size()), word); });
}

bool may_be_secret(std::string_view name) {
  static constexpr std::array<std::uint32_t, 32> kPlaces = make_places();
  constexpr std::uint32_t kFirst = make_first_places();
  std::uint32_t reached = 0;  // the places up to which the last letters agree with a word
  for (std::size_t i = 0; i < name.size(); ++i) {
    reached = (reached << 1 | kFirst) & kPlaces[letter_of(name[i])];
    if ((reached & kFirst << 2) != 0 && begins_secret(name.substr(i - 2))) return true;
  }
  return false;
}

}  // namespace

// Runs for every header of every request, so it allocates nothing.
bool is_secret_header(std::string_view name) {
  const bool is_secret = may_be_secret(name);
  return is_secret && std::none_of(kHarmless.begin(), kHarmless.end(),
                                   [name](std::string_view harmless) { return equal_ignoring_case(harmless, name); });
}

bool is_secret_parameter(std::string_view name) {
  return is_secret_header(percent_decoded(name));
}

void append_redacted_query(std::string_view query, std::string& out) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && is_secret_parameter(pair.substr(0, equals))) {
      out.append(pair.substr(0, equals + 1)).append(kRedacted);
    } else {
      out.append(pair);
    }
    if (pair.size() == query.size()) return;
    out.push_back('&');
    query.remove_prefix(pair.size() + 1);
  }
}

std::string redacted_body(std::string_view body) {
  if (!holds_one_of(lower(body), kSecretMembers)) return std::string(body);
  const auto json = parse_json(body);
  if (!json) return std::string(kRedacted);
  if (!has_secret(json->root())) return std::string(body);
  std::string out;
  JsonWriter writer(out);
  write_redacted(json->root(), writer);
  return out;
}

}  // namespace mimus::server
