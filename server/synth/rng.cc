#include "server/synth/rng.h"

namespace mimus::server {

std::int64_t Rng::between(std::int64_t low, std::int64_t high) {
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  const auto shifted = [low](std::uint64_t offset) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
  };
  if (span < 0xFFFFFFFFU) return shifted(below(static_cast<std::uint32_t>(span) + 1));
  const auto draw = [this] { return std::uint64_t{next()} << 32 | next(); };
  if (span == ~std::uint64_t{0}) return shifted(draw());
  const std::uint64_t bound = span + 1;
  const std::uint64_t threshold = (0 - bound) % bound;  // draws below it would make some numbers likelier
  std::uint64_t value = draw();
  while (value < threshold) value = draw();
  return shifted(value % bound);
}

}  // namespace mimus::server
