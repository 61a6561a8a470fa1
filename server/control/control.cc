#include "server/control/control.h"

#include <memory>
#include <optional>

#include "server/control/owned_request.h"
#include "server/control/routes.h"
#include "server/scripting.h"

namespace mimus::server {
namespace {

constexpr std::string_view kPrefix = "/_mimus/";
constexpr std::chrono::milliseconds kWatchInterval(250);

// Takes as long whatever the token is.
bool is_token(std::string_view given, std::string_view token) {
  unsigned difference = given.size() == token.size() ? 0 : 1;
  for (std::size_t i = 0; i < token.size(); ++i) {
    difference |= static_cast<unsigned char>(token[i]) ^ static_cast<unsigned char>(i < given.size() ? given[i] : 0);
  }
  return difference == 0;
}

bool has_token(const HttpRequest& http, std::string_view token) {
  constexpr std::string_view kBearer = "bearer ";
  const std::string_view value = http.header("authorization");
  const bool is_bearer = equal_ignoring_case(value.substr(0, kBearer.size()), kBearer);
  return is_token(http.header("x-mimus-token"), token) || (is_bearer && is_token(value.substr(kBearer.size()), token));
}

// Whether a page of this site may be trusted like the people at this machine.
bool is_local_origin(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  std::string_view host = origin.substr(scheme + 3);
  const std::size_t bracket = host.find(']');
  host = host.substr(0, bracket != std::string_view::npos ? bracket + 1 : host.find(':'));
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

Control::Control(const ControlOptions& options, ControlDesk desk)
    : options_(options),
      desk_(desk),
      worker_(options.watches ? [this] { look_at_fixture_files(); } : std::function<void()>(), kWatchInterval) {}

bool Control::owns(std::string_view path) const {
  return options_.is_on && path.starts_with(kPrefix);
}

// Without a token, the browser's word for where a page is from keeps pages of other sites out.
std::optional<Delivery> Control::refusal_of(const HttpRequest& http) const {
  const std::string_view origin = http.header("origin");
  if (options_.token.empty()) {
    if (origin.empty() || is_local_origin(origin)) return std::nullopt;
    return control_error(403, "Pages of other sites may use the control API only with a token (--control TOKEN).");
  }
  if (has_token(http, options_.token)) return std::nullopt;
  Delivery refused = control_error(401, "The control API needs its token: Authorization: Bearer TOKEN.");
  refused.headers.push_back({"www-authenticate", "Bearer"});
  return refused;
}

Delivery Control::answer(const HttpRequest& http) {
  const ControlRoute route = find_control_route(http.method, http.path.substr(kPrefix.size()));
  if (!route.is_open) {
    if (auto refused = refusal_of(http)) return std::move(*refused);
  }
  if (route.answer != nullptr) return route.answer({http, route.id}, desk_);
  if (route.allowed.empty()) {
    return control_error(404, "There is no control endpoint " + std::string(http.path) + "; GET /_mimus/ lists them.");
  }
  Delivery wrong = control_error(
      405, std::string(http.path) + " takes " + route.allowed + ", not " + std::string(http.method) + ".");
  wrong.headers.push_back({"allow", route.allowed});
  return wrong;
}

void Control::handle(const HttpRequest& http, const Respond& respond) {
  const ControlRoute route = find_control_route(http.method, http.path.substr(kPrefix.size()));
  if (route.is_quick || route.answer == nullptr) return respond(answer(http));
  const auto request = std::make_shared<const OwnedRequest>(http);  // shared: a std::function must be copyable
  const bool is_taken = worker_.post([this, request, respond] { respond(answer(request->view())); });
  if (!is_taken) respond(control_error(503, "The control API is busy."));
}

void Control::look_at_fixture_files() {
  FixtureStore& store = desk_.services.scripting.store;
  const auto changed = store.reload_if_changed();
  if (!changed) {
    desk_.log.error("fixtures: the files changed and cannot be loaded, the old ones stay: " + changed.error().text());
  } else if (*changed) {
    desk_.log.info("fixtures: the files changed and are loaded again; there are " +
                   std::to_string(store.snapshot()->ranked().size()) + " now");
  }
}

}  // namespace mimus::server
