#include "server/delivery.h"

#include <algorithm>
#include <cassert>

namespace mimus::server {

bool has_header(const Delivery& delivery, std::string_view name) {
  return std::any_of(delivery.headers.begin(), delivery.headers.end(),
                     [name](const Header& header) { return equal_ignoring_case(header.name, name); });
}

std::vector<Frame> collect(FrameSource& source) {
  std::vector<Frame> frames;
  Frame frame;
  FrameSource::Pull pull = source.next(frame);
  while (pull == FrameSource::Pull::Ready) {
    frames.push_back(std::move(frame));
    frame = {};
    pull = source.next(frame);
  }
  assert(pull == FrameSource::Pull::End && "collect() of a source that waits");
  return frames;
}

}  // namespace mimus::server
