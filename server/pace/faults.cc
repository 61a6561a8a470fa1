// The table of faults, and how one is read and applied.
#include <array>

#include "server/pace/fault.h"
#include "server/pace/fault_args.h"
#include "server/pace/fault_kinds.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMost = 1'000'000;
constexpr std::int64_t kMostBytes = 1'000'000'000;
constexpr std::int64_t kMostGarbage = 65'536;

constexpr std::array<std::string_view, 3> kCutEnds{"fin", "reset", "half_close"};
constexpr std::array<std::string_view, 3> kCutPlaces{"event", "json", "utf8"};
constexpr std::array<std::string_view, 7> kFramings{"crlf", "cr", "bom", "comments", "multiline", "no_space", "retry"};
constexpr std::array<std::string_view, 2> kGarbagePlaces{"body", "head"};

constexpr FaultParam count(std::string_view name, std::int64_t min, std::int64_t max) {
  return {name, min, max, {}, false};
}
constexpr FaultParam required(FaultParam param) {
  param.is_required = true;
  return param;
}
constexpr FaultParam word(std::string_view name, std::span<const std::string_view> words) {
  return {name, 0, 0, words, false};
}

constexpr FaultParam kCut[] = {count("after_chunks", 0, kMost), count("after_bytes", 0, kMostBytes),
                               word("at", kCutPlaces), word("end", kCutEnds)};
constexpr FaultParam kAfterChunks[] = {count("after_chunks", 0, kMost)};
constexpr FaultParam kRate[] = {required(count("bytes_per_second", 1, kMostBytes))};
constexpr FaultParam kChunk[] = {required(count("chunk", 1, kMost))};
constexpr FaultParam kFraming[] = {required(word("style", kFramings))};
constexpr FaultParam kContentType[] = {required(word("value", {}))};
constexpr FaultParam kHtml[] = {count("status", 200, 599)};
constexpr FaultParam kShortBody[] = {count("by", 1, kMost)};
constexpr FaultParam kGarbage[] = {count("bytes", 1, kMostGarbage), word("at", kGarbagePlaces)};

constexpr FaultKind kKinds[] = {
    {"cut", kCut, fault_cut},
    {"hang", kAfterChunks, fault_hang},
    {"slow", kRate, fault_slow},
    {"bad_json", kChunk, fault_bad_json},
    {"no_done", {}, fault_no_done},
    {"double_done", {}, fault_double_done},
    {"drop", kChunk, fault_drop},
    {"duplicate", kChunk, fault_duplicate},
    {"swap", kChunk, fault_swap},
    {"error_event", kAfterChunks, fault_error_event},
    {"framing", kFraming, fault_framing},
    {"content_type", kContentType, fault_content_type},
    {"html", kHtml, fault_html},
    {"empty", {}, fault_empty},
    {"short_body", kShortBody, fault_short_body},
    {"garbage", kGarbage, fault_garbage},
};

std::string known_kinds() {
  std::string names;
  for (const FaultKind& kind : kKinds) names.append(names.empty() ? "" : ", ").append(kind.name);
  return names;
}

}  // namespace

std::string_view Fault::name() const {
  return kind_->name;
}

Result<Fault> read_fault(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (const FaultKind& kind : kKinds) {
    if (kind.name != name) continue;
    const std::string_view rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    auto args = read_fault_args(kind.name, kind.params, rest);
    if (!args) return args.error();
    return Fault(kind, std::make_shared<const FaultArgs>(std::move(*args)));
  }
  return Error{Errc::BadInput,
               "there is no fault \"" + std::string(name.substr(0, 60)) + "\"; known are " + known_kinds(), ""};
}

Delivery apply_fault(const Fault& fault, Delivery delivery, const FaultContext& context) {
  return fault.kind_->apply(std::move(delivery), *fault.args_, context);
}

std::vector<std::string_view> fault_names() {
  std::vector<std::string_view> names;
  for (const FaultKind& kind : kKinds) names.push_back(kind.name);
  return names;
}

std::string describe_faults() {
  std::string text;
  for (const FaultKind& kind : kKinds) {
    text.append(kind.name).append("\n");
    for (const FaultParam& param : kind.params) {
      text.append("  ").append(param.name).append(": ").append(param.expectation());
      text.append(param.is_required ? " (required)\n" : "\n");
    }
  }
  return text;
}

}  // namespace mimus::server
