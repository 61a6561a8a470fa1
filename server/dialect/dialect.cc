#include "server/dialect/dialect.h"

#include <cassert>

namespace mimus::server {

const Model* Dialect::find_model(std::string_view id) const {
  for (const Model& model : models) {
    if (model.id == id) return &model;
  }
  return nullptr;
}

const Endpoint* Dialect::find_endpoint(std::string_view operation) const {
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.operation == operation) return &endpoint;
  }
  return nullptr;
}

ApiError Dialect::error(std::string_view situation, const ErrorArgs& args) const {
  const auto row = errors_.find(situation);
  assert(row != errors_.end() && "a situation that is not listed in situations.cc");
  if (row == errors_.end()) return ApiError{500, std::string(situation), "server_error", {}, {}, {}};
  return fill(row->second, args);
}

ApiError Dialect::error_in(ErrorForm form, std::string_view situation, const ErrorArgs& args) const {
  const auto row = google_errors_.find(situation);
  return form == ErrorForm::Google && row != google_errors_.end() ? fill(row->second, args) : error(situation, args);
}

ErrorForm Dialect::error_form_at(std::string_view path) const {
  ErrorForm form = error_form;
  std::size_t longest = 0;
  for (const Endpoint& endpoint : endpoints) {
    const std::string& base = endpoint.base_path;
    if (base.size() <= longest || !path.starts_with(base)) continue;
    if (path.size() > base.size() && path[base.size()] != '/') continue;
    longest = base.size();
    form = endpoint.error_form;
  }
  return form;
}

bool Dialect::has_situation(std::string_view situation) const {
  return errors_.find(situation) != errors_.end();
}

}  // namespace mimus::server
