#include "server/match/vocabulary.h"

#include <algorithm>

#include "api/object_reader.h"

namespace mimus::server {

std::optional<std::string> name_problem(std::string_view name, const std::vector<std::string>& known,
                                        std::string_view what) {
  if (known.empty() || std::find(known.begin(), known.end(), name) != known.end()) return std::nullopt;
  std::string problem = "unknown " + std::string(what) + " \"" + std::string(name) + "\"";
  if (const auto near = nearest_name(name, known)) problem += ", did you mean \"" + *near + "\"?";
  return problem;
}

}  // namespace mimus::server
