#include <algorithm>
#include <charconv>

#include "api/json_writer.h"
#include "server/control/answers.h"
#include "server/control/entry_question.h"
#include "server/control/query_reader.h"
#include "server/journal/entry_json.h"
#include "server/journal/tail.h"
#include "server/match/miss.h"
#include "server/scripting.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostAnswerBytes = 16 * 1024 * 1024;  // a page ends early beyond it

struct Page {
  JournalFilter filter;
  std::uint64_t limit = 100;
  std::uint64_t after = 0;
  bool is_descending = false;
};

JournalFilter read_filter(QueryReader& query) {
  JournalFilter filter;
  for (const FilterRow& row : filter_rows()) {
    const auto wanted = query.text(row.name);
    if (!wanted) continue;
    if (auto problem = filter.add(row, *wanted)) query.fail(row.name, std::move(*problem));
  }
  return filter;
}

Result<Page> read_page(std::string_view text) {
  QueryReader query(text);
  Page page;
  page.filter = read_filter(query);
  page.limit = query.integer("limit", 100, 1, 1000);
  page.is_descending = query.one_of("order", {"asc", "desc"}) == 1;
  page.after = query.integer("after", 0, 0, INT64_MAX);
  if (const auto done = query.finish(); !done) return done.error();
  return page;
}

bool is_behind(const Entry& entry, const Page& page) {
  if (page.after == 0) return true;
  return page.is_descending ? entry.id < page.after : entry.id > page.after;
}

}  // namespace

Delivery list_journal(const ControlRequest& request, const ControlDesk& desk) {
  const auto page = read_page(request.http.query);
  if (!page) return control_error(400, page.error());
  const Journal::Size size = desk.traffic.journal.size();
  std::vector<Record> records = desk.traffic.journal.records();
  if (page->is_descending) std::reverse(records.begin(), records.end());
  std::string body;
  JsonWriter writer(body);
  writer.object().key("entries").array();
  std::uint64_t written = 0;
  std::uint64_t last = 0;
  bool has_more = false;
  for (const Record& record : records) {
    if (!is_behind(*record.entry, *page) || !page->filter.passes(record)) continue;
    has_more = written == page->limit || body.size() > kMostAnswerBytes;
    if (has_more) break;
    ++written;
    last = record.entry->id;
    writer.object();
    write_entry(record, writer);
    writer.end_object();
  }
  writer.end_array().key("next");
  has_more ? writer.integer(static_cast<std::int64_t>(last)) : writer.null();
  writer.member("kept", static_cast<std::int64_t>(size.entries)).member("open", static_cast<std::int64_t>(size.open));
  writer.member("evicted", static_cast<std::int64_t>(size.evicted));
  writer.member("last_id", static_cast<std::int64_t>(size.last_id)).end_object();
  return control_reply(200, std::move(body));
}

Delivery show_entry(const ControlRequest& request, const ControlDesk& desk) {
  std::uint64_t id = 0;
  std::from_chars(request.id.data(), request.id.data() + request.id.size(), id);
  const auto record = desk.traffic.journal.find(id);
  if (!record || std::to_string(id) != request.id) {
    return control_error(404, "There is no entry " + std::string(request.id) + " in the journal.");
  }
  std::string body;
  JsonWriter writer(body);
  writer.object();
  write_entry(*record, writer);
  const Notes::Script script = record->entry->script;
  if (script == Notes::Script::Synthesised || script == Notes::Script::Missed) {
    const Scripting& scripting = desk.services.scripting;
    const EntryQuestion question(*record->entry);
    const auto fixtures = scripting.store.snapshot();
    writer.key("miss").raw(json_of(explain_miss(*fixtures, question.get(), scripting.states, question.test(), true)));
  }
  writer.end_object();
  return control_reply(200, std::move(body));
}

Delivery clear_journal(const ControlRequest&, const ControlDesk& desk) {
  const std::size_t entries = desk.traffic.journal.size().entries;
  desk.traffic.journal.forget();
  return control_reply(200, "{\"deleted\":" + std::to_string(entries) + "}");
}

Delivery tail_journal(const ControlRequest& request, const ControlDesk& desk) {
  QueryReader query(request.http.query);
  JournalFilter filter = read_filter(query);
  if (const auto done = query.finish(); !done) return control_error(400, done.error());
  Delivery delivery;
  delivery.headers = {{"content-type", "text/event-stream"}, {"cache-control", "no-store"}};
  if (request.http.method == "HEAD") return delivery;
  delivery.frames = std::make_unique<JournalTail>(desk.traffic.journal, std::move(filter));
  return delivery;
}

}  // namespace mimus::server
