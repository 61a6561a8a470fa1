#include "cli/deviator.h"

#include <algorithm>

namespace mimus::cli {
namespace {

using conformance::Deviation;
using conformance::Request;
using conformance::ScriptedReply;
using server::Delivery;
using server::Duration;
using server::Frame;

constexpr std::chrono::seconds kLate{3};  // longer than any check waits for an end

Request request_of(const server::HttpRequest& http) {
  Request request;
  request.method = http.method;
  request.path = http.target;
  request.body = http.body;
  request.chunked = !http.header("transfer-encoding").empty();
  for (const server::HeaderView& header : http.headers) {
    request.headers.push_back({std::string(header.name), std::string(header.value)});
  }
  return request;
}

// Where the first event of `bytes` ends, blank line and all; npos: it does not.
std::size_t end_of_event(std::string_view bytes) {
  const std::size_t lf = bytes.find("\n\n");
  const std::size_t crlf = bytes.find("\r\n\r\n");
  return std::min(lf == bytes.npos ? bytes.npos : lf + 2, crlf == bytes.npos ? bytes.npos : crlf + 4);
}

// Whole events: a frame may hold several, and what was relayed has its borders anywhere.
std::vector<Frame> events_of(server::FrameSource& source) {
  std::vector<Frame> events;
  std::string open;
  Duration last{0};
  for (const Frame& frame : server::collect(source)) {
    open += frame.bytes;
    last = frame.due;
    for (std::size_t end = end_of_event(open); end != std::string::npos; end = end_of_event(open)) {
      events.push_back({open.substr(0, end), frame.due});
      open.erase(0, end);
    }
  }
  if (!open.empty()) events.push_back({std::move(open), last});
  return events;
}

bool is_event_stream(const Delivery& delivery) {
  return delivery.frames && std::any_of(delivery.headers.begin(), delivery.headers.end(), [](const Header& header) {
           return equal_ignoring_case(header.name, "content-type") && header.value.starts_with("text/event-stream");
         });
}

void take_common_headers(Delivery& delivery) {
  for (const Header& header : delivery.common) {
    const bool named = std::any_of(delivery.headers.begin(), delivery.headers.end(),
                                   [&](const Header& own) { return equal_ignoring_case(own.name, header.name); });
    if (!named) delivery.headers.push_back(header);
  }
  delivery.common = {};
}

// A head that says what the transport itself would not: a wrong length, or nothing of the end of the connection.
std::string raw_head(const Delivery& delivery, std::size_t length) {
  std::string head = "HTTP/1.1 " + std::to_string(delivery.status) + " Deviating\r\n";
  for (const Header& header : delivery.headers) head += header.name + ": " + header.value + "\r\n";
  return head + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

void put_stream(const ScriptedReply& reply, const std::vector<Frame>& before, Delivery& delivery) {
  const Duration last = before.empty() ? delivery.head_due : before.back().due;
  std::vector<Frame> frames;
  for (std::size_t i = 0; i < reply.frames.size(); ++i) {
    const Duration due = i < before.size() ? before[i].due : last;
    frames.push_back({reply.frames[i], reply.is_bunched ? last + Duration(kLate) : due});
  }
  if (reply.never_closes) frames.push_back({": late\n\n", last + Duration(kLate)});
  if (reply.is_short) delivery.ending = server::Ending::Cut;
  delivery.frames = std::make_unique<server::FixedFrames>(std::move(frames));
}

void put_whole(const ScriptedReply& reply, Delivery& delivery) {
  delivery.frames = nullptr;
  delivery.body = reply.body;
  if (reply.is_short) {
    delivery.raw_head = raw_head(delivery, delivery.body.size() + 10);
    delivery.ending = server::Ending::Cut;
  }
  const bool leaves = reply.no_second || (reply.no_second_after_error && reply.status >= 400);
  if (leaves) {
    delivery.raw_head = raw_head(delivery, delivery.body.size());
    delivery.ending = server::Ending::Close;
  }
}

Delivery spoiled(const Deviation& deviation, Delivery delivery) {
  const bool is_stream = is_event_stream(delivery);
  std::vector<Frame> before;
  if (is_stream) before = events_of(*delivery.frames);
  if (delivery.frames && !is_stream) {  // one JSON text in pieces
    for (const Frame& frame : server::collect(*delivery.frames)) delivery.body += frame.bytes;
  }
  take_common_headers(delivery);
  ScriptedReply reply{
      .status = delivery.status, .headers = delivery.headers, .is_stream = is_stream, .body = delivery.body};
  for (const Frame& frame : before) reply.frames.push_back(frame.bytes);
  if (conformance::commit(deviation, reply)) {
    delivery.status = reply.status;
    delivery.headers = reply.headers;
  }
  if (reply.is_stream) {
    put_stream(reply, before, delivery);
  } else {
    put_whole(reply, delivery);
  }
  return delivery;
}

// Only the checker's own requests are held to the narrow conditions: they keep a deviation from all checks but one.
bool is_about(const Deviation& deviation, const Request& request, int status) {
  ScriptedReply head;
  head.status = status;
  const bool of_checker = std::any_of(request.headers.begin(), request.headers.end(), [](const Header& header) {
    return equal_ignoring_case(header.name, "user-agent") && header.value == "mimus-check";
  });
  return of_checker ? conformance::applies(deviation, request, head)
                    : conformance::holds(deviation.when, request, head);
}

}  // namespace

Result<std::shared_ptr<const Deviator>> Deviator::create(const std::vector<std::string>& always) {
  auto deviator = std::make_shared<Deviator>();
  if (!always.empty()) {
    auto loaded = conformance::load_deviations(always);
    if (!loaded) return loaded.error();
    for (const Deviation& one : *loaded) {
      if (one.not_served.empty()) continue;
      return Error{Errc::BadInput, "cannot be served: " + one.not_served, one.check};
    }
    deviator->always_ = std::move(*loaded);
  }
  return std::shared_ptr<const Deviator>(std::move(deviator));
}

std::shared_ptr<const Deviator::Deviations> Deviator::find(const std::string& name) const {
  const std::lock_guard guard(lock_);
  std::shared_ptr<const Deviations>& known = asked_[name];
  if (!known) {
    auto loaded = conformance::load_deviations({name});  // the name was checked when the directive was read
    known = std::make_shared<const Deviations>(loaded ? std::move(*loaded) : Deviations{});
  }
  return known;
}

Delivery Deviator::apply(const server::HttpRequest& http, const std::vector<std::string>& asked,
                         Delivery delivery) const {
  if (is_always_on()) {
    const Request request = request_of(http);
    for (const Deviation& deviation : always_) {
      if (is_about(deviation, request, delivery.status)) delivery = spoiled(deviation, std::move(delivery));
    }
  }
  // A directive points at its request itself, whatever the deviation is usually about.
  for (const std::string& name : asked) {
    for (const Deviation& deviation : *find(name)) delivery = spoiled(deviation, std::move(delivery));
  }
  return delivery;
}

}  // namespace mimus::cli
