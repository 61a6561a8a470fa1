#include "server/pace/pace.h"

#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace mimus::server {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

std::optional<std::int64_t> read_digits(std::string_view digits) {
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || digits.front() == '-' || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// A decimal number in millionths: no floating point, so no rounding that could differ. At most 12 digits and 6
// decimals.
std::optional<std::int64_t> read_millionths(std::string_view text) {
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  std::string decimals(dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1));
  if (whole.size() > 12 || decimals.size() > 6 || (dot != std::string_view::npos && decimals.empty()))
    return std::nullopt;
  decimals.resize(6, '0');
  const auto units = read_digits(whole);
  const auto rest = read_digits(decimals);
  if (!units || !rest) return std::nullopt;
  return *units * kMillion + *rest;
}

Error bad(std::string expected, std::string_view found) {
  return {Errc::BadInput, "expected " + std::move(expected) + ", found \"" + std::string(found.substr(0, 60)) + "\"",
          ""};
}

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr std::array<Unit, 3> kUnits{{{"ms", 1000}, {"us", 1}, {"s", kMillion}}};  // "s" last: it ends the others too

}  // namespace

Result<Duration> read_duration(std::string_view text) {
  const auto wrong = [&] { return bad("a duration such as 200ms, 1.5s or 80us, at most an hour", text); };
  if (text == "0") return Duration(0);
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    const auto amount = read_millionths(text.substr(0, text.size() - unit.name.size()));
    const std::int64_t most = kLongestDuration.count() / unit.microseconds;
    if (!amount || *amount > most * kMillion) return wrong();
    return Duration(*amount * unit.microseconds / kMillion);
  }
  return wrong();
}

Result<Jitter> read_jitter(std::string_view text) {
  constexpr std::int64_t kWidestUniform = 1;
  constexpr std::int64_t kWidestLogNormal = 3;
  if (text == "none") return Jitter{};
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const bool is_uniform = kind == "uniform";
  const std::int64_t most = is_uniform ? kWidestUniform : kWidestLogNormal;
  if (!is_uniform && kind != "lognormal") return bad("lognormal:CV, uniform:F or none", text);
  const auto amount = colon == std::string_view::npos ? std::nullopt : read_millionths(text.substr(colon + 1));
  if (!amount || *amount > most * kMillion) {
    return bad(std::string(kind) + ":N with N from 0 to " + std::to_string(most), text);
  }
  return Jitter{is_uniform ? Jitter::Kind::Uniform : Jitter::Kind::LogNormal, static_cast<std::int32_t>(*amount)};
}

}  // namespace mimus::server
