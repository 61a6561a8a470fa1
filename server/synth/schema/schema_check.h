// Whether a value satisfies a JSON Schema: by this, instances that were made by trying are judged. Not for judging what
// comes from outside: it leaves unevaluatedProperties and unevaluatedItems to the maker of instances.
// Not thread-safe; make one per schema.
#pragma once

#include <string_view>

#include "api/json.h"
#include "server/synth/schema/pattern.h"

namespace mimus::server {

class SchemaCheck {
 public:
  // Local references are looked up in `root`; `patterns` is kept by the caller.
  SchemaCheck(Json root, Patterns& patterns) : root_(root), patterns_(patterns) {}

  // False as well for what cannot be judged: a reference that leads nowhere or in a circle, an unsupported pattern,
  // more work than a reply is worth (100,000 schemas asked in one SchemaCheck).
  bool accepts(Json schema, Json value);

  bool accepts_key(Json schema, std::string_view key);  // of propertyNames
  bool matches(std::string_view pattern, std::string_view text);

 private:
  bool accepts_combined(Json schema, Json value);
  bool accepts_number(Json schema, Json value) const;
  bool accepts_string(Json schema, std::string_view text);
  bool accepts_array(Json schema, Json value);
  bool accepts_object(Json schema, Json value);
  bool accepts_members(Json schema, Json value);
  bool accepts_dependencies(Json schema, Json value);

  Json root_;
  Patterns& patterns_;
  int depth_ = 0;
  int steps_ = 0;  // schemas asked so far, all values together
};

// Whether `value` / `step` is whole in binary arithmetic, as validators in JavaScript test it.
bool is_multiple(double value, double step);

// Whether `value` is of JSON Schema type `type`; 1.0 is an integer.
bool is_of_type(Json value, std::string_view type);

}  // namespace mimus::server
