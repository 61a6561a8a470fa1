// What one vendor documents, as far as a check can ask: read from fixtures/dialects, the same files that the server
// behaves by, but with code of its own. Members that no check asks about are passed over.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"

namespace mimus::conformance {

struct ExpectedError {
  int status = 0;
  std::optional<std::string> type;
  std::optional<std::string> code;  // nothing: null or not given
};

struct Expectations {
  std::string dialect = "openai";
  std::string api;  // "google" when its errors have Google's form; empty: OpenAI's
  std::string base_path = "/v1";
  std::string auth_header = "authorization";
  std::string auth_scheme = "Bearer";
  std::string model;                                         // the first that it lists
  std::vector<std::string> error_members;                    // empty: message, type, param, code
  std::map<std::string, ExpectedError, std::less<>> errors;  // by situation: "invalid_key"
  bool models_have_created = true;                           // in the list of models that it shows
  JsonDocument document;                                     // all of it, merged; null when there is none

  [[nodiscard]] const ExpectedError* find_error(std::string_view situation) const;
  [[nodiscard]] bool has_error_member(std::string_view member) const;
  // Whether the document has, at each pointer of the object `where`, that very value, or nothing.
  [[nodiscard]] bool agrees(Json where) const;
};

// By the name of an embedded dialect, or from a file (a path that ends in .json); "extends" is followed.
Result<Expectations> load_expectations(const std::string& name_or_file);

}  // namespace mimus::conformance
