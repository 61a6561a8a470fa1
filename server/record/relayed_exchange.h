// One exchange with the real API, on a thread of its own: hands the reply to the client as it arrives, and keeps it.
#pragma once

#include <memory>
#include <optional>

#include "server/record/recorded_reply.h"
#include "server/record/relay.h"

namespace mimus::server {

class RelayedExchange {
 public:
  RelayedExchange(const RelayJob& job, std::shared_ptr<RelayedFrames> frames) : job_(job), frames_(std::move(frames)) {}

  // Blocks until the real API has said everything, or will not.
  Result<Done, UpstreamFailure> run(const Upstream& upstream);

  // Behind run(): what is worth recording. Nothing: the reply was too large to be kept.
  [[nodiscard]] const RecordedReply* reply() const { return is_too_large_ ? nullptr : &reply_; }
  // The last thing: the client gets the end of the reply, or the refusal that stands in its place.
  void finish(const Result<Done, UpstreamFailure>& result, const std::string& upstream);

 private:
  void take_head(const UpstreamHead& head);
  void take_piece(std::string bytes);
  [[nodiscard]] bool arrives_by_pieces() const { return reply_.is_streamed && !job_.waits; }

  const RelayJob& job_;
  std::shared_ptr<RelayedFrames> frames_;
  RecordedReply reply_;
  std::vector<Header> headers_;  // for the client
  std::size_t bytes_ = 0;
  bool has_head_ = false;
  bool is_too_large_ = false;
};

}  // namespace mimus::server
