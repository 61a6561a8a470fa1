#include "server/record/relayed_exchange.h"

#include "server/record/forwarding.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostRecorded = 64 * 1024 * 1024;
// A body of known length up to this is sent on whole, with its length, as it came; a longer one as it arrives.
constexpr std::size_t kMostWhole = 16 * 1024 * 1024;

bool is_whole(const UpstreamHead& head) {
  return head.body == BodyEnd::Length && head.length <= kMostWhole &&
         !head.header("content-type").starts_with("text/event-stream");
}

int status_of(UpstreamFailure::Kind kind) {
  return kind == UpstreamFailure::Kind::Timeout ? 504 : 502;
}

}  // namespace

Result<Done, UpstreamFailure> RelayedExchange::run(const Upstream& upstream) {
  const UpstreamEvents events{[this](const UpstreamHead& head) { take_head(head); },
                              [this](std::string bytes) { take_piece(std::move(bytes)); }};
  return upstream.exchange(job_.request, events, frames_->cancelled());
}

void RelayedExchange::take_head(const UpstreamHead& head) {
  has_head_ = true;
  reply_.status = head.status;
  reply_.headers = headers_for_recording(head);
  reply_.is_streamed = !is_whole(head);
  if (head.body == BodyEnd::Close) reply_.ending = Ending::Close;
  headers_ = headers_for_client(head);
  if (!arrives_by_pieces()) return;
  Delivery delivery;
  delivery.status = head.status;
  delivery.headers = std::move(headers_);
  delivery.frames = std::make_unique<RelaySource>(frames_);
  job_.respond(std::move(delivery));
}

void RelayedExchange::take_piece(std::string bytes) {
  bytes_ += bytes.size();
  if (bytes_ > kMostRecorded) {
    is_too_large_ = true;
    reply_.frames = {};
  } else {
    const auto at = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - job_.received);
    reply_.frames.push_back({bytes, at});
  }
  if (arrives_by_pieces()) frames_->push(std::move(bytes));
}

void RelayedExchange::finish(const Result<Done, UpstreamFailure>& result, const std::string& upstream) {
  if (has_head_ && arrives_by_pieces()) return frames_->finish(result ? reply_.ending : Ending::Cut);
  if (!result)
    return job_.respond(job_.refuse(status_of(result.error().kind), upstream + ": " + result.error().message));
  Delivery delivery;
  delivery.status = reply_.status;
  delivery.headers = std::move(headers_);
  if (reply_.is_streamed) {
    delivery.ending = is_too_large_ ? Ending::Cut : reply_.ending;
    delivery.frames = std::make_unique<FixedFrames>(reply_.frames);
  } else {
    for (const Frame& frame : reply_.frames) delivery.body += frame.bytes;
  }
  job_.respond(std::move(delivery));
}

}  // namespace mimus::server
