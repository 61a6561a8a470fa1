#include "server/control/routes.h"

#include <array>

#include "api/json_writer.h"
#include "server/control/answers.h"

namespace mimus::server {
namespace {

// Answers as soon as the server serves at all: the sign that a test may begin.
Delivery health(const ControlRequest&, const ControlDesk&) {
  return control_reply(200, R"({"status":"ok"})");
}

Delivery index(const ControlRequest&, const ControlDesk&);

enum class Where { Control, Anywhere };
enum class Token { Needed, NotNeeded };

struct Row {
  std::string_view method;
  std::string_view path;  // behind the prefix; a last segment {id} stands for any one
  ControlAnswer answer;
  std::string_view about;
  Where where = Where::Control;
  Token token = Token::Needed;
};

constexpr std::array kRows = {
    Row{"GET", "", index, "this list", Where::Anywhere},
    Row{"GET", "health", health, "whether the server serves", Where::Anywhere, Token::NotNeeded},
    Row{"GET", "ready", health, "the same", Where::Anywhere, Token::NotNeeded},
    Row{"GET", "fixtures", list_fixtures, "the fixtures, and how often each was hit"},
    Row{"POST", "fixtures", add_fixtures, "adds fixtures"},
    Row{"PUT", "fixtures", replace_fixtures, "puts fixtures in the place of all there are"},
    Row{"DELETE", "fixtures", delete_fixtures, "deletes all fixtures"},
    Row{"GET", "fixtures/{id}", show_fixture, "one fixture, as it was written"},
    Row{"DELETE", "fixtures/{id}", delete_fixture, "deletes one fixture"},
    Row{"GET", "unused", list_unused, "fixtures that no request has hit"},
    Row{"GET", "journal", list_journal, "the requests, filtered and page by page"},
    Row{"DELETE", "journal", clear_journal, "forgets the requests"},
    Row{"GET", "journal/tail", tail_journal, "requests as they happen, as server-sent events"},
    Row{"GET", "journal/{id}", show_entry, "one request, and why no fixture matched"},
    Row{"POST", "verify", verify, "whether requests were made as expected"},
    Row{"POST", "reset", reset, "forgets what was counted, of one test or of all"},
    Row{"GET", "clock", show_clock, "the server's time"},
    Row{"POST", "clock", set_clock, "freezes, advances or resumes it"},
    Row{"GET", "limits", show_limits, "what each key has used of its rate limits"},
    Row{"GET", "metrics", show_metrics, "counts, for Prometheus", Where::Anywhere},
};

Delivery index(const ControlRequest&, const ControlDesk&) {
  std::string body;
  JsonWriter writer(body);
  writer.object().key("endpoints").array();
  for (const Row& row : kRows) {
    writer.object().member("method", row.method).member("path", "/_mimus/" + std::string(row.path));
    writer.member("about", row.about).end_object();
  }
  writer.end_array().end_object();
  return control_reply(200, std::move(body));
}

bool fits(std::string_view pattern, std::string_view path, std::string_view& id) {
  constexpr std::string_view kId = "{id}";
  if (!pattern.ends_with(kId)) return pattern == path;
  const std::string_view before = pattern.substr(0, pattern.size() - kId.size());
  if (!path.starts_with(before) || path.size() == before.size()) return false;
  id = path.substr(before.size());
  return id.find('/') == std::string_view::npos;
}

}  // namespace

ControlRoute find_control_route(std::string_view method, std::string_view path) {
  if (method == "HEAD") method = "GET";
  ControlRoute route;
  for (const Row& row : kRows) {
    std::string_view id;
    if (!fits(row.path, path, id)) continue;
    if (row.method == method) {
      return {row.answer, id, row.token == Token::NotNeeded, row.where == Where::Anywhere, ""};
    }
    if (route.allowed.find(row.method) != std::string::npos) continue;
    route.allowed += (route.allowed.empty() ? "" : ", ") + std::string(row.method);
  }
  return route;
}

}  // namespace mimus::server
