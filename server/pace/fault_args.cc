#include "server/pace/fault_args.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace mimus::server {
namespace {

std::string quoted(std::string_view text) {
  return "\"" + std::string(text.substr(0, 60)) + "\"";
}

Error bad(std::string message) {
  return {Errc::BadInput, std::move(message), ""};
}

std::string names_of(std::span<const FaultParam> params) {
  std::string names;
  for (const FaultParam& param : params) names.append(names.empty() ? "" : ", ").append(param.name);
  return names;
}

// A header's value may come of this, so nothing that could end one.
bool is_visible(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::optional<std::variant<std::int64_t, std::string>> read_value(const FaultParam& param, std::string_view text) {
  if (!param.is_count()) {
    const bool is_known = param.words.empty() || std::ranges::count(param.words, text) != 0;
    if (!is_known || !is_visible(text)) return std::nullopt;
    return std::string(text);
  }
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stop != end || number < param.min || number > param.max) {
    return std::nullopt;
  }
  return number;
}

// A value without its name. One that is free text may hold a "=" of its own.
bool stands_for_main(std::string_view item, std::span<const FaultParam> params) {
  if (params.empty()) return false;
  const std::size_t equals = item.find('=');
  if (equals == std::string_view::npos) return true;
  const bool is_free_text = !params.front().is_count() && params.front().words.empty();
  return is_free_text && item.substr(0, equals) != params.front().name;
}

}  // namespace

std::string FaultParam::expectation() const {
  if (is_count()) return "a number from " + std::to_string(min) + " to " + std::to_string(max);
  if (words.empty()) return "a text without commas and control characters";
  std::string all = "one of ";
  for (const auto& word : words) all.append(&word == words.data() ? "" : ", ").append(word);
  return all;
}

const FaultArgs::Value* FaultArgs::find(std::string_view name) const {
  const auto found = std::ranges::find(given_, name, [](const auto& pair) { return pair.first; });
  return found == given_.end() ? nullptr : &found->second;
}

std::int64_t FaultArgs::count(std::string_view name, std::int64_t fallback) const {
  const Value* value = find(name);
  return value == nullptr ? fallback : std::get<std::int64_t>(*value);
}

std::string_view FaultArgs::text(std::string_view name, std::string_view fallback) const {
  const Value* value = find(name);
  return value == nullptr ? fallback : std::string_view(std::get<std::string>(*value));
}

Result<FaultArgs> read_fault_args(std::string_view kind, std::span<const FaultParam> params, std::string_view text) {
  const std::string fault(kind);
  FaultArgs args;
  for (bool is_first = true; !text.empty(); is_first = false) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const bool is_main = is_first && stands_for_main(item, params);
    const std::size_t equals = is_main ? std::string_view::npos : item.find('=');
    const std::string_view name = is_main ? params.front().name : item.substr(0, equals);
    const auto param = std::ranges::find(params, name, &FaultParam::name);
    if (param == params.end()) {
      return bad(fault + " has no parameter " + quoted(name) + (params.empty() ? "" : "; it has " + names_of(params)));
    }
    if (!is_main && equals == std::string_view::npos) return bad(fault + ": " + std::string(name) + " needs a value");
    if (args.has(name)) return bad(fault + ": " + std::string(name) + " is given twice");
    const std::string_view value_text = is_main ? item : item.substr(equals + 1);
    auto value = read_value(*param, value_text);
    if (!value) {
      return bad(fault + ": " + std::string(name) + " is " + param->expectation() + ", found " + quoted(value_text));
    }
    args.given_.emplace_back(param->name, std::move(*value));
  }
  for (const FaultParam& param : params) {
    if (param.is_required && !args.has(param.name)) {
      return bad(fault + " needs " + std::string(param.name) + ", " + param.expectation());
    }
  }
  return args;
}

}  // namespace mimus::server
