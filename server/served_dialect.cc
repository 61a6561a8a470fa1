#include "server/served_dialect.h"

#include <algorithm>

#include "api/object_reader.h"
#include "server/endpoints/endpoint.h"

namespace mimus::server {

Result<Dialect> load_served_dialect(const std::string& name_or_file) {
  auto dialect = load_dialect(name_or_file);
  if (!dialect) return dialect;
  std::vector<std::string> known;
  for (const EndpointRow& row : all_endpoints()) known.emplace_back(row.operation);
  for (const Endpoint& endpoint : dialect->endpoints) {
    if (std::find(known.begin(), known.end(), endpoint.operation) != known.end()) continue;
    std::string message = "mimus has no endpoint of this name";
    if (const auto nearest = nearest_name(endpoint.operation, known)) message += ", did you mean \"" + *nearest + "\"?";
    return placed_in_dialect({Errc::BadInput, message, "/endpoints/" + pointer_step(endpoint.operation)}, name_or_file);
  }
  return dialect;
}

}  // namespace mimus::server
