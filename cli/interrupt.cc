#include "cli/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

namespace mimus::cli {
namespace {

// What a signal handler may touch.
volatile sig_atomic_t arrived = 0;
int wake[2] = {-1, -1};  // a pipe: a signal that comes just before poll() is not missed

extern "C" void on_signal(int number) {
  arrived = number;
  ::signal(SIGINT, SIG_DFL);  // the next one kills
  ::signal(SIGTERM, SIG_DFL);
  [[maybe_unused]] const ssize_t written = write(wake[1], "", 1);
}

}  // namespace

Interrupt::Interrupt() {
  arrived = 0;
  if (pipe(wake) == 0) {
    for (const int end : wake) fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  for (const int number : {SIGINT, SIGTERM}) {
    // Who started us in the background, or with nohup, said that it is not for us.
    if (::signal(number, SIG_IGN) != SIG_IGN) ::signal(number, &on_signal);
  }
}

Interrupt::~Interrupt() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  for (int& end : wake) {
    if (end >= 0) close(end);
    end = -1;
  }
}

int Interrupt::signal() const {
  return arrived;
}

int Interrupt::descriptor() const {
  return wake[0];
}

void Interrupt::wait(std::chrono::milliseconds time) const {
  pollfd entry{wake[0], POLLIN, 0};
  poll(&entry, 1, static_cast<int>(time.count()));
}

}  // namespace mimus::cli
