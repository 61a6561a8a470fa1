#include "server/journal/filter.h"

#include <algorithm>
#include <array>

#include "server/journal/entry_json.h"
#include "server/match/glob.h"

namespace mimus::server {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "404" or "4xx".
bool is_status(std::string_view text) {
  return text.size() == 3 && is_digit(text[0]) && (text.substr(1) == "xx" || (is_digit(text[1]) && is_digit(text[2])));
}

bool has_status(const Record& record, std::string_view wanted) {
  const std::string status = std::to_string(record.entry->status);
  return wanted.ends_with("xx") ? status.front() == wanted.front() : status == wanted;
}

constexpr std::array kScripts = {Notes::Script::NotAsked, Notes::Script::Matched, Notes::Script::Synthesised,
                                 Notes::Script::Missed,   Notes::Script::Ended,   Notes::Script::Relayed};
constexpr std::array kEndings = {Ended::Open, Ended::Whole,      Ended::Cut,    Ended::Reset,
                                 Ended::Hung, Ended::ClientLeft, Ended::Stopped};

bool is_name_in(const auto& values, std::string_view name) {
  return std::any_of(values.begin(), values.end(), [name](auto value) { return name_of(value) == name; });
}

constexpr std::array kRows = {
    FilterRow{"endpoint", [](const Record& r, std::string_view wanted) { return r.entry->operation == wanted; }, "",
              nullptr},
    FilterRow{"method", [](const Record& r, std::string_view wanted) { return r.entry->method == wanted; }, "",
              nullptr},
    FilterRow{"path", [](const Record& r, std::string_view wanted) { return fits_glob(wanted, r.entry->path); }, "",
              nullptr},
    FilterRow{"model", [](const Record& r, std::string_view wanted) { return fits_glob(wanted, r.entry->model); }, "",
              nullptr},
    FilterRow{"status", has_status, "a status, or a class of them such as 4xx", is_status},
    FilterRow{"test", [](const Record& r, std::string_view wanted) { return r.entry->test == wanted; }, "", nullptr},
    FilterRow{"key_hash",
              [](const Record& r, std::string_view wanted) { return hash_text(r.entry->key_hash) == wanted; }, "",
              nullptr},
    FilterRow{"script", [](const Record& r, std::string_view wanted) { return name_of(r.entry->script) == wanted; },
              "not_asked, matched, synthesised, missed, ended or relayed",
              [](std::string_view name) { return is_name_in(kScripts, name); }},
    FilterRow{"fixture",
              [](const Record& r, std::string_view wanted) {
                return r.entry->fixture_id != 0 &&
                       (r.entry->fixture == wanted || std::to_string(r.entry->fixture_id) == wanted);
              },
              "", nullptr},
    FilterRow{"ended", [](const Record& r, std::string_view wanted) { return name_of(r.fate.ended) == wanted; },
              "open, whole, cut, reset, hung, client_left or stopped",
              [](std::string_view name) { return is_name_in(kEndings, name); }},
};

}  // namespace

std::span<const FilterRow> filter_rows() {
  return kRows;
}

std::optional<std::string> JournalFilter::add(const FilterRow& row, std::string wanted) {
  if (row.is_value != nullptr && !row.is_value(wanted)) return "expected " + std::string(row.expected);
  wanted_.emplace_back(&row, std::move(wanted));
  return std::nullopt;
}

bool JournalFilter::passes(const Record& record) const {
  return std::all_of(wanted_.begin(), wanted_.end(),
                     [&record](const auto& wanted) { return wanted.first->passes(record, wanted.second); });
}

}  // namespace mimus::server
