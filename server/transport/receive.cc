#include "server/transport/receive.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <ctime>

namespace mimus::server {

#ifdef SO_TIMESTAMPNS

namespace {

// The stamp is of the wall clock, which may be set meanwhile: a stamp that is older than this is not believed.
constexpr std::chrono::seconds kOldest(1);

Duration age_of(const msghdr& message) {
  const cmsghdr* const control = CMSG_FIRSTHDR(&message);
  if (control == nullptr || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) {
    return Duration(0);
  }
  timespec stamp{};
  std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
  const auto at = std::chrono::seconds(stamp.tv_sec) + std::chrono::nanoseconds(stamp.tv_nsec);
  const auto age = std::chrono::system_clock::now().time_since_epoch() - at;
  return age < Duration(0) || age > kOldest ? Duration(0) : std::chrono::duration_cast<Duration>(age);
}

}  // namespace

void stamp_arrivals(int socket) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);  // without it `now` is taken
}

Received receive(int socket, std::span<char> into, MonotonicTime now) {
  iovec part{into.data(), into.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(socket, &message, 0);
  if (size <= 0) return {size, now};
  return {size, std::min(now, std::chrono::steady_clock::now() - age_of(message))};
}

#else

void stamp_arrivals(int) {}

Received receive(int socket, std::span<char> into, MonotonicTime now) {
  return {::recv(socket, into.data(), into.size(), 0), now};
}

#endif

}  // namespace mimus::server
