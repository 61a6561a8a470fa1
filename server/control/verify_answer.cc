#include "api/json_writer.h"
#include "server/control/answers.h"
#include "server/control/entry_question.h"
#include "server/control/verification.h"
#include "server/scripting.h"

namespace mimus::server {
namespace {

void write_nearest(const Record& record, const When& when, JsonWriter& writer) {
  const EntryQuestion question(*record.entry);
  writer.object().member("entry", static_cast<std::int64_t>(record.entry->id)).key("conditions").array();
  for (const Condition& condition : when.conditions) {
    writer.object().member("subject", subject_of(condition)).member("expected", expectation_of(condition));
    writer.member("found", finding_of(condition, question.get(), true));
    writer.member("met", holds(condition, question.get())).end_object();
  }
  writer.end_array().end_object();
}

}  // namespace

// 409 when the expectation does not hold, so that `curl --fail` and `response.ok` tell.
Delivery verify(const ControlRequest& request, const ControlDesk& desk) {
  const auto expectation = read_expectation(request.http.body, desk.services.scripting.vocabulary);
  if (!expectation) return control_error(400, expectation.error());
  const Journal& journal = desk.traffic.journal;
  if (journal.caps().entries == 0) return control_error(400, "No journal is kept (--journal 0).");
  const std::vector<Record> records = journal.records();  // before the size: what is dropped in between counts as gone
  const Verdict verdict = verify_expectation(*expectation, records, journal.size().last_evicted);
  std::string body;
  JsonWriter writer(body);
  writer.object().member("verified", verdict.is_verified).member("expected", verdict.expected);
  writer.member("found", static_cast<std::int64_t>(verdict.found));
  writer.member("undecided", static_cast<std::int64_t>(verdict.undecided)).key("entries").array();
  for (const std::uint64_t id : verdict.entries) writer.integer(static_cast<std::int64_t>(id));
  writer.end_array();
  if (!verdict.is_verified) {
    const std::size_t step = expectation->is_order ? verdict.found : 0;
    writer.member("reason", verdict.reason).key("nearest").array();
    for (const Record& record : verdict.nearest) write_nearest(record, expectation->whens[step], writer);
    writer.end_array();
  }
  writer.end_object();
  return control_reply(verdict.is_verified ? 200 : 409, std::move(body));
}

}  // namespace mimus::server
