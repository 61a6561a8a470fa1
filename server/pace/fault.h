// Faults: what can go wrong on purpose with a reply that was fine. Each transforms a Delivery, exact to the byte.
//
//   cut:after_chunks=3,end=reset      KIND, or KIND:NAME=VALUE,...; the main parameter of a kind may stand first
//   without framing:crlf                      its name
//
// A chunk is a frame, which in streams of mimus is one event; they count from 1. A whole body counts as one chunk.
// The kinds and their parameters are the table in faults.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "server/delivery.h"

namespace mimus::server {

struct FaultKind;
class FaultArgs;

// A fault as read from its text. Cheap to copy; immutable, so thread-safe.
class Fault {
 public:
  Fault(const FaultKind& kind, std::shared_ptr<const FaultArgs> args) : kind_(&kind), args_(std::move(args)) {}

  [[nodiscard]] std::string_view name() const;

 private:
  friend Delivery apply_fault(const Fault&, Delivery, const struct FaultContext&);
  const FaultKind* kind_;
  std::shared_ptr<const FaultArgs> args_;
};

// What faults need to know of the reply besides its Delivery.
struct FaultContext {
  // The event that reports an error in this stream, ready to send; `sequence` is how many events were sent before it.
  // May be called after the request is gone. Without it, error_event only ends the stream.
  std::function<std::string(std::int64_t sequence)> error_event;
  std::uint64_t seed = 0;  // of garbage
};

// Errors name the part that is wrong, and what is known in its place.
Result<Fault> read_fault(std::string_view text);

// The delivery with the fault. Where there is nothing to spoil (no such chunk, a whole reply for a fault of streams),
// it leaves as it was.
Delivery apply_fault(const Fault& fault, Delivery delivery, const FaultContext& context);

// The names of all kinds.
std::vector<std::string_view> fault_names();

// Every kind with its parameters, one a line, for help texts.
std::string describe_faults();

}  // namespace mimus::server
