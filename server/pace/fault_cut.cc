// cut: after_chunks=N (whole chunks that are still sent; 1 where no place is given), after_bytes=N, whichever comes
// first; at=event cuts there, at=json in the middle of the next chunk, at=utf8 inside the next character of several
// bytes; end=fin, reset, or half_close (FIN, but it goes on
// listening until the client closes).
#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "server/pace/fault_kinds.h"
#include "server/pace/frame_filter.h"
#include "server/pace/raw_head.h"

namespace mimus::server {
namespace {

enum class Place { Event, Json, Utf8 };

struct Cut {
  std::int64_t chunks = std::numeric_limits<std::int64_t>::max();
  std::int64_t bytes = std::numeric_limits<std::int64_t>::max();
  Place place = Place::Event;
  Ending ending = Ending::Cut;

  // How much of the chunk `number`, behind `before` bytes, is still sent; nothing when all of it is.
  [[nodiscard]] std::optional<std::size_t> kept(std::string_view chunk, std::int64_t number,
                                                std::int64_t before) const {
    std::optional<std::size_t> size;
    if (number > chunks) size = place_in(chunk);
    if (const auto left = static_cast<std::uint64_t>(bytes - before); left < chunk.size()) {
      size = std::min<std::size_t>(size.value_or(left), left);
    }
    return size;
  }

 private:
  [[nodiscard]] std::optional<std::size_t> place_in(std::string_view chunk) const {
    if (place == Place::Event) return 0;
    if (place == Place::Json) {
      const std::size_t begin = std::min(chunk.find('{'), chunk.size());
      return begin + (chunk.size() - begin) / 2;
    }
    const auto lead = std::ranges::find_if(chunk, [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
    if (lead == chunk.end()) return std::nullopt;
    return static_cast<std::size_t>(lead - chunk.begin()) + 1;
  }
};

Cut read_cut(const FaultArgs& args) {
  Cut cut;
  const std::string_view place = args.text("at", "event");
  cut.place = place == "json" ? Place::Json : place == "utf8" ? Place::Utf8 : Place::Event;
  const std::string_view end = args.text("end", "fin");
  cut.ending = end == "reset" ? Ending::Reset : end == "half_close" ? Ending::HalfClose : Ending::Cut;
  cut.bytes = args.count("after_bytes", cut.bytes);
  if (args.has("after_chunks") || args.has("at")) {
    cut.chunks = args.count("after_chunks", 0);
  } else if (!args.has("after_bytes")) {
    cut.chunks = 1;
  }
  return cut;
}

class CutFrames final : public FrameFilter {
 public:
  CutFrames(Delivery& delivery, const Cut& cut) : FrameFilter(delivery), cut_(cut) {}

 private:
  void take(Frame frame, std::int64_t number) override {
    const auto kept = cut_.kept(frame.bytes, number, sent_);
    if (!kept) {
      sent_ += static_cast<std::int64_t>(frame.bytes.size());
      return emit(std::move(frame));
    }
    frame.bytes.resize(*kept);
    if (*kept > 0) emit(std::move(frame));
    stop(cut_.ending);
  }

  Cut cut_;
  std::int64_t sent_ = 0;  // bytes
};

}  // namespace

Delivery fault_cut(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  const Cut cut = read_cut(args);
  if (delivery.frames) {
    delivery.frames = std::make_unique<CutFrames>(delivery, cut);
    delivery.ending = cut.ending;
    return delivery;
  }
  if (const auto kept = cut.kept(delivery.body, 1, 0)) {
    delivery.raw_head = raw_head(delivery, delivery.body.size());
    delivery.body.resize(*kept);
    delivery.ending = cut.ending;
  }
  return delivery;
}

}  // namespace mimus::server
