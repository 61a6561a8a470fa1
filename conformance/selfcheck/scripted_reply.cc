#include "conformance/selfcheck/scripted_reply.h"

#include <algorithm>

namespace mimus::conformance {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLate{3'000};

std::string head_of(const ScriptedReply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\n";
  for (const Header& header : reply.headers) head += header.name + ": " + header.value + "\r\n";
  return head;
}

std::string chunk(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string size;
  for (std::size_t n = text.size(); n > 0; n /= 16) size.insert(size.begin(), kHex[n % 16]);
  return size + "\r\n" + std::string(text) + "\r\n";
}

void record_stream(const ScriptedReply& reply, Recording& recording) {
  recording.raw = head_of(reply) + "Transfer-Encoding: chunked\r\n\r\n";
  milliseconds now{10};
  for (const std::string& frame : reply.frames) {
    recording.raw += chunk(frame);
    recording.arrivals.push_back({recording.raw.size(), reply.is_bunched ? kLate : now});
    now += milliseconds(1);
  }
  if (!reply.is_short) recording.raw += "0\r\n\r\n";
  if (reply.is_bunched) now = kLate;
  if (reply.never_closes) now += milliseconds(20'000);
  recording.took = now;
}

}  // namespace

void remove_header(ScriptedReply& reply, std::string_view name) {
  std::erase_if(reply.headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); });
}

void set_header(ScriptedReply& reply, std::string_view name, const std::string& value) {
  remove_header(reply, name);
  reply.headers.push_back({std::string(name), value});
}

Recording record(const ScriptedReply& reply, const Request& request, const std::optional<Request>& lead) {
  Recording recording;
  recording.request = request;
  recording.reused = lead.has_value();
  if (lead) recording.lead_raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  const bool after_error = lead && !parse_json(lead->body);
  if ((lead && reply.no_second) || (after_error && reply.no_second_after_error)) {
    recording.ending = Ending::ClosedEarly;
    recording.problem = "the peer closed the connection before the head was complete";
    return recording;
  }
  if (reply.is_stream) {
    record_stream(reply, recording);
  } else {
    const std::size_t length = reply.body.size() + (reply.is_short ? 10 : 0);
    recording.raw = head_of(reply) + "Content-Length: " + std::to_string(length) + "\r\n\r\n" + reply.body;
    recording.took = milliseconds(10);
  }
  if (reply.is_short) {
    recording.ending = Ending::ClosedEarly;
    recording.problem = "the peer closed the connection in the body";
  }
  return recording;
}

}  // namespace mimus::conformance
