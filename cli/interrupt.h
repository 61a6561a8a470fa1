// Ctrl-C for a command that wants to keep what it has: the first SIGINT or SIGTERM asks it to end, the second kills.
#pragma once

#include <chrono>

namespace mimus::cli {

// From its making on, a first SIGINT or SIGTERM is only noted. There is one at a time in the process: signals have no
// other place to arrive.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();  // signals are what they were before
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] int signal() const;                 // that came; 0: none
  [[nodiscard]] int descriptor() const;             // can be read once a signal came; -1 where pipes have run out
  void wait(std::chrono::milliseconds time) const;  // that long, or until a signal
};

}  // namespace mimus::cli
