#include "server/control/entry_question.h"

#include "server/match/state.h"

namespace mimus::server {

EntryQuestion::EntryQuestion(const Entry& entry) : entry_(entry), headers_(headers_of(entry)) {
  Json body;
  if (!entry.is_cut() && !entry.body.empty()) {
    if (auto parsed = parse_json(entry.body)) {
      body_ = std::move(*parsed);
      body = body_.root();
    }
  }
  question_ = question_of(entry.operation, entry.model, entry.stream, body, headers_);
}

std::string EntryQuestion::test() const {
  return entry_.test.empty() ? "" : test_key(entry_.test, "");
}

}  // namespace mimus::server
