// A journal entry as a `when` sees it: the Question that was asked, as far as it can be made again from what is kept.
// Used by one thread.
#pragma once

#include <string>
#include <vector>

#include "api/json.h"
#include "server/journal/entry.h"
#include "server/match/question.h"

namespace mimus::server {

class EntryQuestion {
 public:
  // `entry` must outlive it.
  explicit EntryQuestion(const Entry& entry);

  [[nodiscard]] const Question& get() const { return question_; }
  // Whether the body is missing here although the request had one: it was cut. What is asked about it has no answer.
  [[nodiscard]] bool lacks_body() const { return entry_.is_cut(); }
  // As TestStates knows its test; empty when the entry was told apart by its key alone, which is not kept.
  [[nodiscard]] std::string test() const;

 private:
  const Entry& entry_;
  JsonDocument body_;
  std::vector<HeaderView> headers_;
  Question question_;
};

}  // namespace mimus::server
