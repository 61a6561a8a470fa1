// The journal as it grows: a stream of server-sent events, one for each reply that has ended and passes the filter.
//   event: entry    data: the entry    id: its id
//   event: lost     data: {"lost": N}  N entries came faster than this client read
// Used by one thread, the connection's.
#pragma once

#include <memory>

#include "server/delivery.h"
#include "server/journal/filter.h"
#include "server/journal/journal.h"

namespace mimus::server {

class JournalTail final : public FrameSource {
 public:
  // Listens from now on. `journal` must outlive it.
  JournalTail(Journal& journal, JournalFilter filter);
  ~JournalTail() override;
  JournalTail(const JournalTail&) = delete;
  JournalTail& operator=(const JournalTail&) = delete;

  Pull next(Frame& frame) override;
  void on_ready(std::function<void()> wake) override;

 private:
  Journal& journal_;
  JournalFilter filter_;
  std::shared_ptr<Journal::Listener> listener_;  // shared with the journal, which writes to it
};

}  // namespace mimus::server
