#include "server/journal/tail.h"

#include "server/journal/entry_json.h"

namespace mimus::server {

JournalTail::JournalTail(Journal& journal, JournalFilter filter)
    : journal_(journal), filter_(std::move(filter)), listener_(journal.listen()) {}

JournalTail::~JournalTail() {
  journal_.leave(listener_);
}

FrameSource::Pull JournalTail::next(Frame& frame) {
  while (true) {
    Record record;
    std::uint64_t lost = 0;
    const Journal::Taken taken = journal_.take(*listener_, record, lost);
    if (lost > 0) frame.bytes += "event: lost\ndata: {\"lost\":" + std::to_string(lost) + "}\n\n";
    if (taken == Journal::Taken::Record && filter_.passes(record)) {
      frame.bytes += "id: " + std::to_string(record.entry->id) + "\nevent: entry\ndata: ";
      JsonWriter writer(frame.bytes);
      writer.object();
      write_entry(record, writer);
      writer.end_object();
      frame.bytes += "\n\n";
    }
    if (!frame.bytes.empty()) return Pull::Ready;
    if (taken == Journal::Taken::Over) return Pull::End;
    if (taken == Journal::Taken::Nothing) return Pull::Wait;
  }
}

void JournalTail::on_ready(std::function<void()> wake) {
  journal_.set_wake(*listener_, std::move(wake));
}

}  // namespace mimus::server
