#include "server/transport/wake_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace mimus::server {

WakePipe::WakePipe() {
  if (::pipe(ends_) != 0) return;  // no descriptor left
  for (const int end : ends_) {
    ::fcntl(end, F_SETFL, O_NONBLOCK);
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
  }
}

WakePipe::~WakePipe() {
  for (const int end : ends_) {
    if (end >= 0) ::close(end);
  }
}

void WakePipe::wake() const {
  [[maybe_unused]] const ssize_t n = ::write(ends_[1], "", 1);
}

void WakePipe::clear() const {
  std::array<char, 64> bytes;
  while (::read(ends_[0], bytes.data(), bytes.size()) > 0) {
  }
}

}  // namespace mimus::server
