// garbage:bytes=N,at=body|head (default 64, body): seeded random bytes under a proper head, or instead of everything.
#include "server/pace/fault_kinds.h"
#include "server/split_mix.h"

namespace mimus::server {

Delivery fault_garbage(Delivery delivery, const FaultArgs& args, const FaultContext& context) {
  constexpr std::int64_t kUsual = 64;
  std::string bytes(static_cast<std::size_t>(args.count("bytes", kUsual)), '\0');
  SplitMix64 numbers(context.seed);
  for (char& byte : bytes) byte = static_cast<char>(numbers.below(256));
  if (args.text("at", "body") == "head") {
    delivery.frames.reset();
    delivery.body.clear();
    delivery.raw_head = std::move(bytes);
    delivery.ending = Ending::Cut;
  } else if (delivery.frames) {
    std::vector<Frame> frames(1);
    frames[0] = {std::move(bytes), delivery.head_due};
    delivery.frames = std::make_unique<FixedFrames>(std::move(frames));
  } else {
    delivery.body = std::move(bytes);
  }
  return delivery;
}

}  // namespace mimus::server
