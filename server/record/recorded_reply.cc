#include "server/record/recorded_reply.h"

#include <algorithm>

#include "api/json_writer.h"
#include "server/base64.h"
#include "server/match/template.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

// "12.345ms": to the microsecond, which is more than a network keeps.
std::string in_milliseconds(Duration duration) {
  const auto micros = duration.count();
  std::string text = std::to_string(micros / 1000);
  if (micros % 1000 != 0) {
    const std::string fraction = std::to_string(1000 + micros % 1000);
    text += "." + fraction.substr(1);
    text.resize(text.find_last_not_of('0') + 1);
  }
  return text + "ms";
}

void write_body(const RecordedReply& reply, JsonWriter& json) {
  std::string body;
  for (const Frame& frame : reply.frames) body += frame.bytes;
  is_utf8(body) ? void(json.member("body", escape_template(body)))
                : void(json.member("body_base64", encode_base64(body)));
}

void write_chunks(const RecordedReply& reply, JsonWriter& json) {
  std::string chunks = "[";
  for (const Frame& frame : reply.frames) {
    chunks += chunks.size() == 1 ? "\n          " : ",\n          ";
    JsonWriter chunk(chunks);
    chunk.object().member("at", in_milliseconds(frame.due));
    is_utf8(frame.bytes) ? void(chunk.member("data", frame.bytes))
                         : void(chunk.member("data_base64", encode_base64(frame.bytes)));
    chunk.end_object();
  }
  json.key("chunks").raw(chunks + "]");
}

// A header that is sent several times is one member with several values.
void write_headers(const std::vector<Header>& headers, JsonWriter& json) {
  json.key("headers").object();
  for (auto header = headers.begin(); header != headers.end(); ++header) {
    const auto is_same = [&](const Header& other) { return equal_ignoring_case(other.name, header->name); };
    if (std::find_if(headers.begin(), header, is_same) != header) continue;
    json.key(header->name);
    if (std::count_if(headers.begin(), headers.end(), is_same) == 1) {
      json.string(escape_template(header->value));
      continue;
    }
    json.array();
    for (const Header& other : headers) {
      if (is_same(other)) json.string(escape_template(other.value));
    }
    json.end_array();
  }
  json.end_object();
}

}  // namespace

std::string reply_text(const RecordedReply& reply) {
  std::string text;
  JsonWriter json(text);
  json.object();
  const bool has_chunks = reply.is_streamed && !reply.frames.empty();
  if (!has_chunks && !reply.frames.empty()) json.member("delay", in_milliseconds(reply.frames.back().due));
  write_headers(reply.headers, json);
  json.key("raw").object().member("status", reply.status);
  if (reply.ending == Ending::Close) json.member("ending", "close");
  has_chunks ? write_chunks(reply, json) : write_body(reply, json);
  json.end_object().end_object();
  return text;
}

}  // namespace mimus::server
