#include <algorithm>

#include "api/object_reader.h"
#include "server/control/verification.h"
#include "server/journal/redact.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMostRequests = 1'000'000'000;

// What a `when` may ask in a fixture and not here, since the journal does not keep it.
std::optional<Error> not_kept(const When& when, const std::string& where) {
  if (!when.states.empty()) return Error{Errc::BadInput, "the journal keeps no states", where + "/state"};
  for (const Condition& condition : when.conditions) {
    if (condition.field != Field::Header || !is_secret_header(condition.key)) continue;
    return Error{Errc::BadInput, "the journal keeps no credentials", where + "/header/" + pointer_step(condition.key)};
  }
  return std::nullopt;
}

class ExpectationReader {
 public:
  ExpectationReader(std::shared_ptr<const JsonDocument> document, const Vocabulary& vocabulary)
      : vocabulary_(vocabulary), reader_(document->root(), "") {
    expectation_.document = std::move(document);
  }

  Result<Expectation> read() {
    read_whens();
    read_bounds();
    read_filter();
    expectation_.after = static_cast<std::uint64_t>(reader_.integer("after", 0, 0, INT64_MAX));
    if (const auto done = reader_.finish(); !done) return done.error();
    return std::move(expectation_);
  }

 private:
  void add(Json json, const std::string& where) {
    auto when = read_when(json, where, vocabulary_);
    if (!when) return reader_.fail(when.error());
    if (const auto error = not_kept(*when, where)) return reader_.fail(*error);
    expectation_.whens.push_back(std::move(*when));
  }

  void read_whens() {
    const Json when = reader_.object("when");
    const Json order = reader_.array("order");
    if (reader_.failed()) return;
    if (static_cast<bool>(when) == static_cast<bool>(order)) {
      return reader_.fail("", "expected either \"when\" or \"order\"");
    }
    if (when) return add(when, "/when");
    expectation_.is_order = true;
    if (order.size() == 0 || order.size() > 1000) return reader_.fail("order", "expected 1 to 1000 conditions");
    for (std::size_t i = 0; i < order.size(); ++i) add(order.at(i), "/order/" + std::to_string(i));
  }

  void read_bounds() {
    const bool is_never = reader_.boolean("never", false);
    const std::int64_t exactly = reader_.integer("exactly", -1, 0, kMostRequests);
    const std::int64_t at_least = reader_.integer("at_least", -1, 0, kMostRequests);
    const std::int64_t at_most = reader_.integer("at_most", -1, 0, kMostRequests);
    const int kinds = (is_never ? 1 : 0) + (exactly >= 0 ? 1 : 0) + (at_least >= 0 || at_most >= 0 ? 1 : 0);
    if (kinds > 1) reader_.fail("", R"(expected one of "never", "exactly", and "at_least" with "at_most")");
    if (kinds > 0 && expectation_.is_order) reader_.fail("order", "takes no count");
    if (at_least >= 0 && at_most >= 0 && at_least > at_most) reader_.fail("at_most", "is below \"at_least\"");
    if (is_never || exactly >= 0) {
      expectation_.at_least = static_cast<std::uint64_t>(std::max<std::int64_t>(exactly, 0));
      expectation_.at_most = expectation_.at_least;
    } else if (kinds > 0) {
      expectation_.at_least = static_cast<std::uint64_t>(std::max<std::int64_t>(at_least, 0));
      if (at_most >= 0) expectation_.at_most = static_cast<std::uint64_t>(at_most);
    }
  }

  void read_filter() {
    for (const FilterRow& row : filter_rows()) {
      const Json value = reader_.any(row.name);
      if (!value) continue;
      if (!value.is_string() && !value.is_integer()) {
        reader_.fail(row.name, "expected a string, found " + describe(value));
        continue;
      }
      const std::string text = value.is_string() ? std::string(value.as_string()) : to_text(value);
      if (auto problem = expectation_.filter.add(row, text)) reader_.fail(row.name, std::move(*problem));
    }
  }

  const Vocabulary& vocabulary_;
  ObjectReader reader_;
  Expectation expectation_;
};

}  // namespace

Result<Expectation> read_expectation(std::string_view text, const Vocabulary& vocabulary) {
  auto json = parse_file_text(text, "(sent)");
  if (!json) return json.error();
  return ExpectationReader(std::make_shared<const JsonDocument>(std::move(*json)), vocabulary).read();
}

}  // namespace mimus::server
