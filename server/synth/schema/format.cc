#include "server/synth/schema/format.h"

#include <algorithm>

#include "server/synth/prose.h"
#include "server/synth/schema/pattern.h"

namespace mimus::server {
namespace {

using Write = std::string (*)(Rng&, const Topics&);

std::string two(std::uint32_t number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

// Two draws never stand in one expression: compilers may take its operands in any order, and replies would differ.
std::string digits(Rng& rng, int count, std::string_view alphabet) {
  std::string text;
  for (; count > 0; --count) text.push_back(rng.pick(alphabet));
  return text;
}

std::string hex(Rng& rng, int count) {
  return digits(rng, count, "0123456789abcdef");
}

std::string word(Rng& rng, const Topics& topics) {
  return slug(topics.empty() ? noun(rng.next()) : rng.pick(topics));
}

std::string date(Rng& rng, const Topics&) {
  const std::string year = std::to_string(2020 + rng.below(10));
  const std::string month = two(1 + rng.below(12));
  return year + "-" + month + "-" + two(1 + rng.below(28));
}

std::string time_of_day(Rng& rng, const Topics&) {
  const std::string hour = two(rng.below(24));
  const std::string minute = two(rng.below(60));
  return hour + ":" + minute + ":" + two(rng.below(60)) + "Z";
}

std::string date_time(Rng& rng, const Topics& topics) {
  const std::string day = date(rng, topics);
  return day + "T" + time_of_day(rng, topics);
}

std::string duration(Rng& rng, const Topics&) {
  const std::string hours = std::to_string(1 + rng.below(12));
  return "PT" + hours + "H" + std::to_string(rng.below(60)) + "M";
}

std::string hostname(Rng& rng, const Topics& topics) {
  return word(rng, topics) + ".example.com";
}
std::string email(Rng& rng, const Topics& topics) {
  const std::string number = std::to_string(10 + rng.below(90));
  return word(rng, topics) + number + "@example.com";
}

std::string ipv4(Rng& rng, const Topics&) {
  return "192.0.2." + std::to_string(1 + rng.below(254));
}  // RFC 5737
std::string ipv6(Rng& rng, const Topics&) {
  const std::string last = hex(rng, 3);
  return "2001:db8::" + std::to_string(1 + rng.below(9)) + last;
}  // RFC 3849

std::string uri(Rng& rng, const Topics& topics) {
  const std::string path = word(rng, topics);
  return "https://example.com/" + path + "/" + std::to_string(1 + rng.below(999));
}
std::string path_of(Rng& rng, const Topics& topics) {
  return "/" + word(rng, topics);
}
std::string uri_template(Rng& rng, const Topics& topics) {
  return "https://example.com/" + word(rng, topics) + "/{id}";
}

std::string uuid(Rng& rng, const Topics&) {  // RFC 9562, version 4
  std::string text = hex(rng, 8);
  text += "-" + hex(rng, 4);
  text += "-4" + hex(rng, 3);
  const std::string behind_variant = hex(rng, 3);
  text += "-" + digits(rng, 1, "89ab") + behind_variant;
  return text + "-" + hex(rng, 12);
}

std::string relative_pointer(Rng& rng, const Topics& topics) {
  return "0/" + word(rng, topics);
}
std::string regex(Rng& rng, const Topics& topics) {
  return "^" + word(rng, topics) + "$";
}
std::string base64(Rng& rng, const Topics&) {
  return digits(rng, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
std::string password(Rng& rng, const Topics&) {
  return "Ab1-" + hex(rng, 8);
}

struct Format {
  std::string_view name;
  Write write;
  std::string_view shape;  // a pattern; empty: anything
};

constexpr std::string_view kDate = "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$";
constexpr std::string_view kTime = "^([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?([zZ]|[+-]\\d\\d:?\\d\\d)$";
constexpr std::string_view kDateTime =
    "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])[tT ]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?"
    "([zZ]|[+-]\\d\\d:?\\d\\d)$";
constexpr std::string_view kEmail =
    "^[A-Za-z0-9_+-]+(\\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+"
    "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$";
constexpr std::string_view kAnyEmail = "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$";
constexpr std::string_view kHost =
    "^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\\.?$";
constexpr std::string_view kUri = "^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]*$";
constexpr std::string_view kReference = "^[^\\s<>\"{}|\\\\^`]*$";
constexpr std::string_view kFourOctets = "^((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.|$)){4}";

constexpr Format kFormats[] = {
    {"date", date, kDate},
    {"time", time_of_day, kTime},
    {"iso-time", time_of_day, kTime},
    {"date-time", date_time, kDateTime},
    {"iso-date-time", date_time, kDateTime},
    {"duration", duration, "^P(\\d+W|(\\d+Y)?(\\d+M)?(\\d+D)?(T(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?)?)$"},
    {"email", email, kEmail},
    {"idn-email", email, kAnyEmail},
    {"hostname", hostname, kHost},
    {"idn-hostname", hostname, "^\\S+$"},
    {"ipv4", ipv4, kFourOctets},
    {"ipv6", ipv6, "^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$"},
    {"uri", uri, kUri},
    {"url", uri, kUri},
    {"iri", uri, kUri},
    {"uri-reference", path_of, kReference},
    {"iri-reference", path_of, kReference},
    {"uri-template", uri_template, "^[^\\s<>\"|\\\\^`]*$"},
    {"uuid", uuid, "^(urn:uuid:)?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"},
    {"json-pointer", path_of, "^(/([^~/]|~0|~1)*)*$"},
    {"relative-json-pointer", relative_pointer, "^(0|[1-9]\\d*)(#|(/([^~/]|~0|~1)*)*)$"},
    {"regex", regex, ""},
    {"byte", base64, "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"},
    {"binary", base64, ""},
    {"password", password, ""},
};

const Format* find_format(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kFormats), std::end(kFormats), [&](const Format& f) { return f.name == name; });
  return found == std::end(kFormats) ? nullptr : found;
}

}  // namespace

std::optional<std::string> write_format(std::string_view format, Rng& rng, const Topics& topics) {
  const Format* known = find_format(format);
  if (known == nullptr) return std::nullopt;
  return known->write(rng, topics);
}

bool fits_format(std::string_view format, std::string_view text) {
  static const std::vector<Pattern> kShapes = [] {  // parsed once, in the order of kFormats
    std::vector<Pattern> shapes;
    for (const Format& one : kFormats) shapes.push_back(*Pattern::parse(one.shape));
    return shapes;
  }();
  const Format* known = find_format(format);
  if (known == nullptr) return true;
  if (known->name == "regex") return static_cast<bool>(Pattern::parse(text));
  return known->shape.empty() || kShapes[static_cast<std::size_t>(known - std::begin(kFormats))].matches(text);
}

std::string slug(std::string_view word) {
  std::string text;
  for (const char c : word) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9')) text.push_back(low);
  }
  return text.empty() ? "sample" : text;
}

}  // namespace mimus::server
