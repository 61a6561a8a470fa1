#include "conformance/catalogue/check.h"

#include "api/object_reader.h"

namespace mimus::conformance {

std::string_view name_of(CheckClass check_class) {
  switch (check_class) {
    case CheckClass::Wire:
      return "wire";
    case CheckClass::Model:
      return "model";
    case CheckClass::Loopback:
      return "loopback";
  }
  return "";
}

Result<Check> read_check(Json json, const std::string& where, const std::string& area) {
  ObjectReader reader(json, where);
  Check check;
  check.id = reader.required_string("id");
  check.area = area;
  check.level = static_cast<Level>(reader.one_of("level", {"must", "should", "may"}, 0));
  check.check_class = static_cast<CheckClass>(reader.one_of("class", {"wire", "model", "loopback"}, 0));
  check.requires_text = reader.required_string("requires");
  check.source = reader.required_string("source");
  check.why = reader.required_string("why");
  check.breaks = reader.strings("breaks");
  check.seen = reader.strings("seen");
  check.fix = reader.string("fix", "");
  check.since = reader.string("since", "0.1");
  check.probes = reader.strings("probes");
  check.gate = reader.string("gate", "");
  if (const Json where_asked = reader.object("where")) check.where = copy_of(where_asked);
  check.rule = reader.required_string("rule");
  if (const Json args = reader.object("with")) check.args = copy_of(args);
  check.after = reader.strings("after");
  if (check.probes.empty()) reader.fail("probes", "expected at least one probe");
  if (auto done = reader.finish(); !done) return done.error();
  return check;
}

}  // namespace mimus::conformance
