// All areas, probes and checks, read from the embedded fixtures/cases/*.json: one file per area, which anyone can add.
// Immutable after loading.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "conformance/catalogue/check.h"
#include "conformance/run/probe.h"

namespace mimus::conformance {

struct Area {
  std::string name;                 // "chat.stream"
  std::string title;                // for people
  int rank = 0;                     // areas run and are reported in this order
  bool opt_in = false;              // costly or lasting: only when selected by name, or with `all`
  std::string api;                  // "google" for Gemini's; empty: OpenAI's
  std::vector<std::string> models;  // parts of the names of the models that it needs; empty: the model for chat
};

struct Catalogue {
  std::vector<Area> areas;
  std::vector<Probe> probes;
  std::vector<Check> checks;

  [[nodiscard]] const Probe* find_probe(std::string_view id) const;
  [[nodiscard]] const Check* find_check(std::string_view id) const;
  [[nodiscard]] const Area* find_area(std::string_view name) const;
  // The probes that a check reads, patterns resolved, in the order of the catalogue.
  [[nodiscard]] std::vector<const Probe*> probes_of(const Check& check) const;
};

// Adds the area in `text`; errors name `file` and place. Ids must be new; references are checked by complete().
Result<Done> add_area(Catalogue& catalogue, std::string_view text, const std::string& file);

// Sorts by rank and refuses a check, probe or pattern that refers to nothing.
Result<Done> complete(Catalogue& catalogue);

// The embedded catalogue.
Result<Catalogue> load_catalogue();

struct Selection {
  std::vector<std::string>
      select;  // id prefixes, whole words: "chat" means chat.*, not chatter; empty: the default set
  std::vector<std::string> skip;
  bool all = false;       // the opt-in areas as well
  bool loopback = false;  // checks that need mimus as the upstream; else only with `all`, or when selected by name
  std::string api;        // whose areas the default set has, see Area::api
};

// Whether `id` is `prefix` or lies below it.
bool is_below(std::string_view id, std::string_view prefix);

// The selected checks in order. Errc::BadInput names a prefix that matches nothing, with the nearest id.
Result<std::vector<const Check*>> select_checks(const Catalogue& catalogue, const Selection& selection);

}  // namespace mimus::conformance
