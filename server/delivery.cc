#include "server/delivery.h"

#include <cassert>

namespace mimus::server {

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
