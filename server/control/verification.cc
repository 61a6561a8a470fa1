#include "server/control/verification.h"

#include <algorithm>

#include "server/control/entry_question.h"

namespace mimus::server {
namespace {

enum class Answer3 { No, Yes, Unknown };

// What can be told of a request without its body.
bool needs_body(const Condition& condition) {
  return condition.field != Field::Endpoint && condition.field != Field::Header && condition.field != Field::Model;
}

// Reads the body only when all that is cheaper to know holds.
class Candidate {
 public:
  explicit Candidate(const Entry& entry) : entry_(entry) {}

  Answer3 matches(const When& when) {
    for (const Condition& condition : when.conditions) {
      if (condition.field == Field::Endpoint && !holds(condition, without_body())) return Answer3::No;
    }
    if (!question_) question_.emplace(entry_);
    Answer3 answer = Answer3::Yes;
    for (const Condition& condition : when.conditions) {
      if (needs_body(condition) && question_->lacks_body()) {
        answer = Answer3::Unknown;
      } else if (!holds(condition, question_->get())) {
        return Answer3::No;
      }
    }
    return answer;
  }

  std::size_t unmet(const When& when) {
    if (!question_) question_.emplace(entry_);
    return static_cast<std::size_t>(
        std::count_if(when.conditions.begin(), when.conditions.end(),
                      [this](const Condition& condition) { return !holds(condition, question_->get()); }));
  }

 private:
  const Question& without_body() {
    bare_.operation = entry_.operation;
    return bare_;
  }

  const Entry& entry_;
  Question bare_;
  std::optional<EntryQuestion> question_;
};

std::string text_of(const Expectation& expectation) {
  if (expectation.is_order)
    return "requests that match " + std::to_string(expectation.whens.size()) + " conditions in order";
  const std::string least = std::to_string(expectation.at_least);
  if (!expectation.at_most) return "at least " + least;
  if (*expectation.at_most == 0) return "never";
  if (*expectation.at_most == expectation.at_least) return "exactly " + least;
  const std::string most = "at most " + std::to_string(*expectation.at_most);
  return expectation.at_least == 0 ? most : "at least " + least + ", " + most;
}

void find_nearest(const When& when, const std::vector<Record>& records, Verdict& verdict) {
  constexpr std::size_t kMostNearest = 3;
  std::vector<std::pair<std::size_t, Record>> nearest;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {  // of equal ones the latest
    const std::size_t unmet = Candidate(*record->entry).unmet(when);
    if (unmet == 0) continue;
    nearest.emplace_back(unmet, *record);
    std::stable_sort(nearest.begin(), nearest.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    if (nearest.size() > kMostNearest) nearest.pop_back();
  }
  for (auto& [unmet, record] : nearest) verdict.nearest.push_back(std::move(record));
}

Verdict count_matches(const Expectation& expectation, const std::vector<Record>& records, bool is_complete) {
  Verdict verdict;
  verdict.expected = text_of(expectation);
  for (const Record& record : records) {
    const Answer3 answer = Candidate(*record.entry).matches(expectation.whens.front());
    if (answer == Answer3::Unknown) ++verdict.undecided;
    if (answer != Answer3::Yes) continue;
    ++verdict.found;
    if (verdict.entries.size() < kMostShown) verdict.entries.push_back(record.entry->id);
  }
  const std::uint64_t most = expectation.at_most.value_or(UINT64_MAX);
  const bool is_possible =
      verdict.found <= most && (verdict.found + verdict.undecided >= expectation.at_least || !is_complete);
  const bool is_certain = verdict.found >= expectation.at_least && verdict.found + verdict.undecided <= most &&
                          (is_complete || !expectation.at_most);
  verdict.is_verified = is_certain;
  if (is_certain) return verdict;
  verdict.reason = "expected " + verdict.expected + ", found " + std::to_string(verdict.found);
  if (is_possible && verdict.undecided > 0) {
    verdict.reason +=
        "; " + std::to_string(verdict.undecided) + " more cannot be told, their bodies were not kept whole";
  }
  if (is_possible && !is_complete) verdict.reason += "; the journal had to drop older requests";
  if (verdict.found < expectation.at_least) find_nearest(expectation.whens.front(), records, verdict);
  return verdict;
}

Verdict follow_order(const Expectation& expectation, const std::vector<Record>& records, bool is_complete) {
  Verdict verdict;
  verdict.expected = text_of(expectation);
  for (const Record& record : records) {
    if (verdict.found == expectation.whens.size()) break;
    const Answer3 answer = Candidate(*record.entry).matches(expectation.whens[verdict.found]);
    if (answer == Answer3::Unknown) ++verdict.undecided;
    if (answer != Answer3::Yes) continue;
    ++verdict.found;
    verdict.entries.push_back(record.entry->id);
  }
  verdict.is_verified = verdict.found == expectation.whens.size();
  if (verdict.is_verified) return verdict;
  const std::string step = "/order/" + std::to_string(verdict.found);
  verdict.reason = "no request matches " + step;
  if (!verdict.entries.empty()) verdict.reason += " behind entry " + std::to_string(verdict.entries.back());
  if (!is_complete) verdict.reason += "; the journal had to drop older requests";
  find_nearest(expectation.whens[verdict.found], records, verdict);
  return verdict;
}

}  // namespace

Verdict verify_expectation(const Expectation& expectation, const std::vector<Record>& records,
                           std::uint64_t last_evicted) {
  std::vector<Record> wanted;
  for (const Record& record : records) {
    if (record.entry->id > expectation.after && expectation.filter.passes(record)) wanted.push_back(record);
  }
  const bool is_complete = last_evicted <= expectation.after;
  return expectation.is_order ? follow_order(expectation, wanted, is_complete)
                              : count_matches(expectation, wanted, is_complete);
}

}  // namespace mimus::server
