#include "server/journal/entry_json.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "server/base64.h"
#include "server/journal/redact.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

// For header values and paths, which may be any bytes: what is no ASCII becomes a question mark if it is no UTF-8.
std::string readable(std::string_view text) {
  std::string out(text);
  if (!is_utf8(text)) {
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  }
  return out;
}

void write_headers(const Entry& entry, JsonWriter& writer) {
  std::map<std::string, std::string> headers;  // one of a name, as HTTP joins them
  for (const HeaderView& header : headers_of(entry)) {
    std::string name = readable(header.name);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string& value = headers[name];
    value += (value.empty() ? "" : ", ") + readable(header.value);
  }
  writer.key("headers").object();
  for (const auto& [name, value] : headers) writer.member(name, value);
  writer.end_object();
}

// A cut in the middle of a character would make the whole no UTF-8.
std::string_view whole_characters(std::string_view body) {
  std::size_t end = body.size();
  while (end > 0 && body.size() - end < 3 && (static_cast<unsigned char>(body[end - 1]) & 0xC0) == 0x80) --end;
  if (end > 0 && static_cast<unsigned char>(body[end - 1]) >= 0xC0 && !is_utf8(body.substr(end - 1))) --end;
  return is_utf8(body.substr(0, end)) && !is_utf8(body) ? body.substr(0, end) : body;
}

void write_body(const Entry& entry, JsonWriter& writer) {
  writer.member("body_bytes", static_cast<std::int64_t>(entry.body_bytes)).member("body_cut", entry.is_cut());
  const std::string body = redacted_body(entry.is_cut() ? whole_characters(entry.body) : entry.body);
  if (is_utf8(body)) {
    writer.member("body", body);
  } else {
    writer.member("body_base64", encode_base64(body));
  }
}

void write_script(const Entry& entry, JsonWriter& writer) {
  writer.member("script", name_of(entry.script));
  writer.key("fixture");
  if (entry.fixture_id == 0) {
    writer.null();
    return;
  }
  writer.object().member("id", static_cast<std::int64_t>(entry.fixture_id)).member("name", entry.fixture);
  writer.member("nth", static_cast<std::int64_t>(entry.nth)).end_object();
}

void write_reply(const Record& record, JsonWriter& writer) {
  const ReplyFate& fate = record.fate;
  writer.key("reply").object().member("status", record.entry->status).member("ended", name_of(fate.ended));
  writer.member("bytes", static_cast<std::int64_t>(fate.bytes));
  writer.key("first_byte_ms").number(static_cast<double>(fate.first_byte.count()) / 1000.0);
  writer.key("last_byte_ms").number(static_cast<double>(fate.last_byte.count()) / 1000.0);
  writer.member("prompt_tokens", record.entry->prompt_tokens);
  writer.member("completion_tokens", record.entry->completion_tokens).end_object();
}

}  // namespace

std::string hash_text(std::uint64_t hash) {
  if (hash == 0) return "";
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

std::string iso_time(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

void write_entry(const Record& record, JsonWriter& writer) {
  const Entry& entry = *record.entry;
  writer.member("id", static_cast<std::int64_t>(entry.id)).member("time", iso_time(entry.time));
  writer.member("request_id", entry.request_id).member("test", readable(entry.test));
  writer.member("key_hash", hash_text(entry.key_hash)).member("method", entry.method);
  writer.member("path", readable(entry.path)).member("query", readable(entry.query));
  writer.member("endpoint", entry.operation).member("model", entry.model).member("stream", entry.stream);
  write_headers(entry, writer);
  write_body(entry, writer);
  write_script(entry, writer);
  if (entry.key_refused) writer.member("key_refused", true);
  write_reply(record, writer);
}

}  // namespace mimus::server
