#include "server/endpoints/refuse.h"

#include "server/encode/make_delivery.h"

namespace mimus::server {

Delivery deliver_error(const ApiError& error, const Dialect& dialect, ErrorForm form) {
  return form == ErrorForm::Google ? make_google_error(error) : make_error(error, dialect.error_members);
}

Delivery refuse(const Refusal& refusal, const Dialect& dialect, ErrorForm form) {
  return deliver_error(dialect.error_in(form, refusal.situation, refusal.args), dialect, form);
}

}  // namespace mimus::server
