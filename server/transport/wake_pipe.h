// The pipe on which other threads wake one that waits for a socket. POSIX only. wake() is for any thread.
#pragma once

namespace mimus::server {

class WakePipe {
 public:
  WakePipe();
  ~WakePipe();
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;
  [[nodiscard]] int reading_end() const { return ends_[0]; }
  void wake() const;
  void clear() const;

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace mimus::server
