#include "conformance/catalogue/explain.h"

namespace mimus::conformance {
namespace {

std::string field(const std::string& name, const std::string& text) {
  constexpr std::size_t kWidth = 10;
  if (text.empty()) return {};
  return "  " + name + std::string(kWidth > name.size() ? kWidth - name.size() : 1, ' ') + text + "\n";
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

}  // namespace

std::string explain_text(const Catalogue& catalogue, const Check& check) {
  std::string probes;
  for (const Probe* probe : catalogue.probes_of(check)) {
    probes += (probes.empty() ? "" : ", ") + probe->id + " (" + probe->why + ")";
  }
  return check.id + "\n  " + check.requires_text + "\n\n" +
         field("level", std::string(name_of(check.level)) + ", " + std::string(name_of(check.check_class))) +
         field("source", check.source) + field("why", check.why) +
         field("breaks", joined(check.breaks, "\n            ")) + field("seen in", joined(check.seen, ", ")) +
         field("mend it", check.fix) + field("probes", probes) +
         field("rule", check.rule + " " + (check.args.root().is_null() ? "" : to_text(check.args.root()))) +
         field("after", joined(check.after, ", ")) + field("since", check.since) + "\n";
}

std::string list_text(const std::vector<const Check*>& checks) {
  std::string out;
  for (const Check* check : checks) {
    out += padded(check->id, 38) + padded(std::string(name_of(check->level)), 8) +
           padded(std::string(name_of(check->check_class)), 10) + check->requires_text + "\n";
  }
  return out + std::to_string(checks.size()) + " checks\n";
}

}  // namespace mimus::conformance
