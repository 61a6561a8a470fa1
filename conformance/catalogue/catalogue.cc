#include "conformance/catalogue/catalogue.h"

#include <algorithm>

#include "api/embedded.h"
#include "api/object_reader.h"

namespace mimus::conformance {
namespace {

template <class Item>
const Item* find_by_id(const std::vector<Item>& items, std::string_view id) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
  return found == items.end() ? nullptr : &*found;
}

bool matches(std::string_view id, std::string_view pattern) {
  return pattern.ends_with('*') ? id.starts_with(pattern.substr(0, pattern.size() - 1)) : id == pattern;
}

template <class Item>
Result<Done> add_all(Json items, std::string_view key, const std::string& area, std::vector<Item>& into,
                     Result<Item> (*read)(Json, const std::string&, const std::string&)) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string where = "/" + std::string(key) + "/" + std::to_string(i);
    auto item = read(items.at(i), where, area);
    if (!item) return item.error();
    if (find_by_id(into, item->id) != nullptr) {
      return Error{Errc::BadInput, "the id \"" + item->id + "\" is taken", where + "/id"};
    }
    into.push_back(std::move(*item));
  }
  return Done{};
}

Result<Done> read_area(Catalogue& catalogue, Json json) {
  ObjectReader reader(json, "");
  Area area;
  area.name = reader.required_string("area");
  area.title = reader.required_string("title");
  area.rank = static_cast<int>(reader.required_integer("rank", 0, 1000));
  area.opt_in = reader.boolean("opt_in", false);
  area.api = reader.string("api", "");
  area.models = reader.strings("models");
  const Json probes = reader.array("probes");
  const Json checks = reader.array("checks");
  if (auto done = reader.finish(); !done) return done.error();
  catalogue.areas.push_back(area);
  if (auto done = add_all(probes, "probes", area.name, catalogue.probes, &read_probe); !done) return done.error();
  return add_all(checks, "checks", area.name, catalogue.checks, &read_check);
}

Error dangling(const std::string& from, const std::string& to) {
  return {Errc::BadInput, "refers to \"" + to + "\", which is not in the catalogue", from};
}

Result<Done> verify_references(const Catalogue& catalogue) {
  for (const Probe& probe : catalogue.probes) {
    for (const std::string& need : probe.needs) {
      if (catalogue.find_probe(need) == nullptr) return dangling(probe.id, need);
    }
    for (const std::string& other : probe.together) {
      if (catalogue.find_probe(other) == nullptr) return dangling(probe.id, other);
    }
    if (!probe.lead.empty() && catalogue.find_probe(probe.lead) == nullptr) return dangling(probe.id, probe.lead);
  }
  for (const Check& check : catalogue.checks) {
    for (const std::string& pattern : check.probes) {
      const bool any = std::any_of(catalogue.probes.begin(), catalogue.probes.end(),
                                   [&](const Probe& probe) { return matches(probe.id, pattern); });
      if (!any) return dangling(check.id, pattern);
    }
    for (const std::string& earlier : check.after) {
      if (catalogue.find_check(earlier) == nullptr) return dangling(check.id, earlier);
    }
  }
  return Done{};
}

std::vector<std::string> ids_of(const Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const Area& area : catalogue.areas) ids.push_back(area.name);
  for (const Check& check : catalogue.checks) ids.push_back(check.id);
  return ids;
}

bool any_below(std::string_view id, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& p) { return is_below(id, p); });
}

}  // namespace

const Probe* Catalogue::find_probe(std::string_view id) const {
  return find_by_id(probes, id);
}
const Check* Catalogue::find_check(std::string_view id) const {
  return find_by_id(checks, id);
}

const Area* Catalogue::find_area(std::string_view name) const {
  const auto found = std::find_if(areas.begin(), areas.end(), [&](const Area& area) { return area.name == name; });
  return found == areas.end() ? nullptr : &*found;
}

std::vector<const Probe*> Catalogue::probes_of(const Check& check) const {
  std::vector<const Probe*> found;
  for (const std::string& pattern : check.probes) {
    for (const Probe& probe : probes) {
      if (matches(probe.id, pattern) && std::find(found.begin(), found.end(), &probe) == found.end()) {
        found.push_back(&probe);
      }
    }
  }
  return found;
}

Result<Done> add_area(Catalogue& catalogue, std::string_view text, const std::string& file) {
  const auto document = parse_file_text(text, file);
  if (!document) return document.error();
  auto done = read_area(catalogue, document->root());
  if (!done) return placed_in_file(done.error(), file, text);
  return Done{};
}

Result<Done> complete(Catalogue& catalogue) {
  std::stable_sort(catalogue.areas.begin(), catalogue.areas.end(),
                   [](const Area& a, const Area& b) { return a.rank < b.rank; });
  const auto rank = [&](const auto& item) { return catalogue.find_area(item.area)->rank; };
  std::stable_sort(catalogue.probes.begin(), catalogue.probes.end(),
                   [&](const Probe& a, const Probe& b) { return rank(a) < rank(b); });
  std::stable_sort(catalogue.checks.begin(), catalogue.checks.end(),
                   [&](const Check& a, const Check& b) { return rank(a) < rank(b); });
  return verify_references(catalogue);
}

Result<Catalogue> load_catalogue() {
  Catalogue catalogue;
  for (const std::string_view name : embedded_below("cases/")) {
    if (auto done = add_area(catalogue, *find_embedded(name), std::string(name)); !done) return done.error();
  }
  if (auto done = complete(catalogue); !done) return done.error();
  return catalogue;
}

bool is_below(std::string_view id, std::string_view prefix) {
  if (!id.starts_with(prefix)) return false;
  return id.size() == prefix.size() || std::string_view(".-_").find(id[prefix.size()]) != std::string_view::npos;
}

Result<std::vector<const Check*>> select_checks(const Catalogue& catalogue, const Selection& selection) {
  std::vector<std::string> prefixes = selection.select;
  prefixes.insert(prefixes.end(), selection.skip.begin(), selection.skip.end());
  for (const std::string& prefix : prefixes) {
    const std::vector<std::string> ids = ids_of(catalogue);
    if (std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return is_below(id, prefix); })) continue;
    const auto near = nearest_name(prefix, ids);
    return Error{Errc::BadInput,
                 "no check has this id or begins with it" + (near ? ", did you mean \"" + *near + "\"?" : ""), prefix};
  }
  std::vector<const Check*> chosen;
  for (const Check& check : catalogue.checks) {
    const Area& area = *catalogue.find_area(check.area);
    const bool can_run = selection.loopback || check.check_class != CheckClass::Loopback;
    const bool by_default =
        selection.select.empty() && area.api == selection.api && (selection.all || (can_run && !area.opt_in));
    const bool wanted = by_default || any_below(check.id, selection.select) || any_below(check.area, selection.select);
    if (wanted && !any_below(check.id, selection.skip) && !any_below(check.area, selection.skip)) {
      chosen.push_back(&check);
    }
  }
  if (chosen.empty()) return Error{Errc::BadInput, "the selection leaves no check", ""};
  return chosen;
}

}  // namespace mimus::conformance
