#include "server/synth/schema/named_values.h"

#include <algorithm>
#include <span>

#include "server/synth/prose.h"
#include "server/synth/schema/format.h"

namespace mimus::server {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kCities[] = {"Paris", "Oslo", "Lisbon", "Vienna", "Kyoto", "Toronto", "Nairobi", "Lima"};
constexpr std::string_view kCountries[] = {"France", "Norway", "Portugal", "Austria",
                                           "Japan",  "Canada", "Kenya",    "Peru"};
constexpr std::string_view kPeople[] = {"Ada Miller", "Noah Berg",  "Maya Silva",
                                        "Leo Novak",  "Ines Costa", "Omar Haddad"};
constexpr std::string_view kFirst[] = {"Ada", "Noah", "Maya", "Leo", "Ines", "Omar"};
constexpr std::string_view kLast[] = {"Miller", "Berg", "Silva", "Novak", "Costa", "Haddad"};
constexpr std::string_view kColours[] = {"red", "green", "blue", "amber", "violet", "grey"};
constexpr std::string_view kCurrencies[] = {"EUR", "USD", "GBP", "JPY", "CHF"};
constexpr std::string_view kLanguages[] = {"en", "fr", "de", "pt", "ja"};
constexpr std::string_view kZones[] = {"Europe/Paris", "Europe/Oslo", "Asia/Tokyo", "America/Toronto", "UTC"};
constexpr std::string_view kPhones[] = {"+1-202-555-0143", "+1-202-555-0178", "+1-202-555-0109"};
constexpr std::string_view kStreets[] = {"12 Harbour Street", "4 Garden Lane", "87 Station Road", "3 Mill Square"};
constexpr std::string_view kZips[] = {"75001", "10115", "20230", "94103"};
constexpr std::string_view kUnits[] = {"celsius", "metric"};
constexpr std::string_view kStates[] = {"active", "pending", "done"};
constexpr std::string_view kTickers[] = {"ACME", "GLOB", "NOVA", "ORBT"};
constexpr std::string_view kFiles[] = {"notes.txt", "report.pdf", "data.csv"};
constexpr std::string_view kPaths[] = {"/tmp/notes.txt", "/srv/data/report.csv"};
constexpr std::string_view kMoods[] = {"positive", "neutral", "negative"};
constexpr std::string_view kClock[] = {"09:30", "12:00", "14:15", "18:45"};
constexpr std::string_view kFormulas[] = {"2 + 2", "3 * 7", "12 / 4"};

enum class How : std::uint8_t { OneOf, Place, Format, Sentence, Query, Id };

struct Rule {
  std::string_view ending;  // of the name in lower case, without underscores and hyphens
  How how;
  Words words = {};
  std::string_view format = {};
};

// The first that fits wins, so longer endings stand before shorter ones.
constexpr Rule kRules[] = {
    {"city", How::Place, kCities},
    {"location", How::Place, kCities},
    {"place", How::Place, kCities},
    {"destination", How::Place, kCities},
    {"country", How::OneOf, kCountries},
    {"firstname", How::OneOf, kFirst},
    {"lastname", How::OneOf, kLast},
    {"surname", How::OneOf, kLast},
    {"filename", How::OneOf, kFiles},
    {"username", How::OneOf, kFirst},
    {"hostname", How::Format, {}, "hostname"},
    {"name", How::OneOf, kPeople},
    {"author", How::OneOf, kPeople},
    {"person", How::OneOf, kPeople},
    {"email", How::Format, {}, "email"},
    {"url", How::Format, {}, "uri"},
    {"uri", How::Format, {}, "uri"},
    {"link", How::Format, {}, "uri"},
    {"website", How::Format, {}, "uri"},
    {"uuid", How::Format, {}, "uuid"},
    {"guid", How::Format, {}, "uuid"},
    {"timezone", How::OneOf, kZones},
    {"datetime", How::Format, {}, "date-time"},
    {"timestamp", How::Format, {}, "date-time"},
    {"createdat", How::Format, {}, "date-time"},
    {"updatedat", How::Format, {}, "date-time"},
    {"date", How::Format, {}, "date"},
    {"birthday", How::Format, {}, "date"},
    {"time", How::OneOf, kClock},
    {"phone", How::OneOf, kPhones},
    {"phonenumber", How::OneOf, kPhones},
    {"street", How::OneOf, kStreets},
    {"address", How::OneOf, kStreets},
    {"zip", How::OneOf, kZips},
    {"zipcode", How::OneOf, kZips},
    {"postalcode", How::OneOf, kZips},
    {"color", How::OneOf, kColours},
    {"colour", How::OneOf, kColours},
    {"currency", How::OneOf, kCurrencies},
    {"language", How::OneOf, kLanguages},
    {"lang", How::OneOf, kLanguages},
    {"locale", How::OneOf, kLanguages},
    {"unit", How::OneOf, kUnits},
    {"units", How::OneOf, kUnits},
    {"status", How::OneOf, kStates},
    {"sentiment", How::OneOf, kMoods},
    {"ticker", How::OneOf, kTickers},
    {"symbol", How::OneOf, kTickers},
    {"file", How::OneOf, kFiles},
    {"path", How::OneOf, kPaths},
    {"expression", How::OneOf, kFormulas},
    {"id", How::Id},
    {"query", How::Query},
    {"question", How::Query},
    {"search", How::Query},
    {"topic", How::Query},
    {"subject", How::Query},
    {"description", How::Sentence},
    {"summary", How::Sentence},
    {"explanation", How::Sentence},
    {"reason", How::Sentence},
    {"reasoning", How::Sentence},
    {"answer", How::Sentence},
    {"text", How::Sentence},
    {"content", How::Sentence},
    {"message", How::Sentence},
    {"body", How::Sentence},
    {"comment", How::Sentence},
    {"conclusion", How::Sentence},
    {"output", How::Sentence},
};

struct RangeRule {
  std::string_view ending;
  UsualRange range;
};

constexpr RangeRule kRanges[] = {
    {"age", {18, 80}},
    {"year", {1990, 2030}},
    {"month", {1, 12}},
    {"day", {1, 28}},
    {"hour", {0, 23}},
    {"minute", {0, 59}},
    {"temperature", {-50, 300, 10}},
    {"humidity", {20, 95}},
    {"latitude", {-600000, 600000, 10000}},
    {"longitude", {-1700000, 1700000, 10000}},
    {"lat", {-600000, 600000, 10000}},
    {"lon", {-1700000, 1700000, 10000}},
    {"lng", {-1700000, 1700000, 10000}},
    {"price", {99, 49999, 100}},
    {"amount", {100, 99999, 100}},
    {"cost", {99, 49999, 100}},
    {"total", {100, 99999, 100}},
    {"score", {0, 100, 100}},
    {"confidence", {50, 99, 100}},
    {"probability", {1, 99, 100}},
    {"percent", {0, 100}},
    {"percentage", {0, 100}},
    {"rating", {1, 5}},
    {"port", {1024, 65535}},
    {"id", {1, 99999}},
    {"timestamp", {1600000000, 1900000000}},
    {"population", {10000, 9000000}},
    {"page", {1, 5}},
};

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_' && c != '-' && c != ' ') plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return plain;
}

// "id" ends "userId" and "user_id", but not "paid": a short ending has to begin a word.
bool ends_in(std::string_view name, const std::string& plain, std::string_view ending) {
  if (plain == ending) return true;
  if (!std::string_view(plain).ends_with(ending)) return false;
  if (ending.size() > 3) return true;
  const std::size_t start = name.size() - ending.size();
  return (name[start] >= 'A' && name[start] <= 'Z') || name[start - 1] == '_' || name[start - 1] == '-';
}

std::string query(const Topics& topics, Rng& rng) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(topics.size(), 4); ++i) {
    if (i > 0) text.push_back(' ');
    text.append(topics[i]);
  }
  return text.empty() ? std::string(noun(rng.next())) : text;
}

std::string apply(const Rule& rule, Rng& rng, const Topics& topics) {
  switch (rule.how) {
    case How::Place: {
      // The last one: a sentence begins with a capital, too.
      std::string_view place;
      for (const std::string_view word : topics) place = word[0] >= 'A' && word[0] <= 'Z' ? word : place;
      return std::string(place.empty() ? rng.pick(rule.words) : place);
    }
    case How::OneOf:
      return std::string(rng.pick(rule.words));
    case How::Format:
      return *write_format(rule.format, rng, topics);
    case How::Sentence: {
      std::string text = prose(rng.next(), topics, 80);
      return text.substr(0, text.find_first_of(".\n") + 1);
    }
    case How::Query:
      return query(topics, rng);
    case How::Id: {
      const std::string number = std::to_string(100 + rng.below(900));
      return slug(noun(rng.next())) + "-" + number;
    }
  }
  return {};
}

}  // namespace

std::string named_string(std::string_view name, Rng& rng, const Topics& topics) {
  const std::string plain = plain_name(name);
  for (const Rule& rule : kRules) {
    if (ends_in(name, plain, rule.ending)) return apply(rule, rng, topics);
  }
  std::string text;
  append_phrase(rng.next(), topics, 2, text);
  return text;
}

UsualRange usual_range(std::string_view name, bool whole_numbers) {
  const std::string plain = plain_name(name);
  UsualRange range = whole_numbers ? UsualRange{1, 20, 1} : UsualRange{10, 999, 10};
  for (const RangeRule& rule : kRanges) {
    if (!ends_in(name, plain, rule.ending)) continue;
    range = rule.range;
    break;
  }
  return whole_numbers ? UsualRange{range.low / range.scale, range.high / range.scale, 1} : range;
}

}  // namespace mimus::server
