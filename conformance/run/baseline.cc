#include "conformance/run/baseline.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "api/object_reader.h"

namespace mimus::conformance {
namespace {

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) == 8;
}

Result<BaselineEntry> read_entry(Json json, const std::string& where, const Catalogue& catalogue) {
  ObjectReader reader(json, where);
  BaselineEntry entry;
  entry.check = reader.required_string("check");
  entry.reason = reader.required_string("reason");
  entry.issue = reader.string("issue", "");
  entry.owner = reader.string("owner", "");
  entry.until = reader.string("until", "");
  if (!entry.until.empty() && !is_date(entry.until)) {
    reader.fail("until", "expected a date like \"2027-01-31\", found \"" + entry.until + "\"");
  }
  if (catalogue.find_check(entry.check) == nullptr) reader.fail("check", "no check is called \"" + entry.check + "\"");
  if (auto done = reader.finish(); !done) return done.error();
  return entry;
}

}  // namespace

Result<Baseline> read_baseline(std::string_view text, const std::string& file, const Catalogue& catalogue) {
  const auto document = parse_file_text(text, file);
  if (!document) return document.error();
  ObjectReader reader(document->root(), "");
  reader.required_integer("mimus_baseline", 1, 1);
  const Json known = reader.required_array("known");
  if (auto done = reader.finish(); !done) return placed_in_file(done.error(), file, text);
  Baseline baseline;
  for (std::size_t i = 0; i < known.size(); ++i) {
    auto entry = read_entry(known.at(i), "/known/" + std::to_string(i), catalogue);
    if (!entry) return placed_in_file(entry.error(), file, text);
    baseline.entries.push_back(std::move(*entry));
  }
  return baseline;
}

BaselineUse apply_baseline(const Baseline& baseline, std::string_view today, std::vector<Outcome>& outcomes) {
  BaselineUse use;
  for (const BaselineEntry& entry : baseline.entries) {
    const auto found = std::find_if(outcomes.begin(), outcomes.end(),
                                    [&](const Outcome& outcome) { return outcome.check->id == entry.check; });
    if (found == outcomes.end()) continue;  // not selected: nothing to say
    const bool is_broken = found->verdict == Verdict::Fail || found->verdict == Verdict::Warn;
    const bool is_over = !entry.until.empty() && entry.until < today;
    if (found->verdict == Verdict::Pass) use.stale.push_back(entry.check);
    if (is_broken && is_over) use.expired.push_back(entry.check);
    found->known = is_broken && !is_over;
    if (found->known) found->known_because = entry.reason + (entry.issue.empty() ? "" : " (" + entry.issue + ")");
  }
  return use;
}

std::string date_of(std::int64_t seconds_since_epoch) {
  const std::chrono::sys_days day =
      std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(seconds_since_epoch)));
  const std::chrono::year_month_day date(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace mimus::conformance
