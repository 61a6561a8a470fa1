#include "server/router.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

Dialect dialect_with(std::string name, std::vector<std::pair<std::string, std::string>> endpoints) {
  Dialect dialect;
  dialect.name = std::move(name);
  for (auto& [method, path] : endpoints) {
    Endpoint endpoint;
    endpoint.operation = "models.list";
    endpoint.method = method;
    endpoint.path = path;
    dialect.endpoints.push_back(endpoint);
  }
  return dialect;
}

struct Row {
  std::string method;
  std::string path;
  std::string expected;  // "DIALECT PATTERN name=value", "405 METHODS" or "404 DIALECT"
};

std::string told(const RouteMatch& match) {
  if (match.endpoint == nullptr) {
    if (match.allowed.empty()) return "404 " + match.dialect->name;
    std::string text = "405";
    for (const auto method : match.allowed) text += " " + std::string(method);
    return text;
  }
  std::string text = match.dialect->name + " " + match.endpoint->path;
  for (const auto& [name, value] : match.values) text += " " + std::string(name) + "=" + value;
  return text;
}

TEST(Router, FindsEndpoints) {
  const Dialect first = dialect_with("first", {{"GET", "/v1/models"},
                                               {"GET", "/v1/models/{model}"},
                                               {"DELETE", "/v1/models/{model}"},
                                               {"POST", "/v1beta/models/{model}:generateContent"},
                                               {"POST", "/v1/chat"}});
  const Dialect second = dialect_with("second", {{"GET", "/v1/models"}});
  const auto router = Router::create({{"", &first}, {"/second", &second}, {"/first", &first}});
  ASSERT_TRUE(router) << router.error().text();
  const Row rows[] = {
      {"GET", "/v1/models", "first /v1/models"},
      {"HEAD", "/v1/models", "first /v1/models"},
      {"GET", "/second/v1/models", "second /v1/models"},
      {"GET", "/first/v1/models", "first /v1/models"},
      {"GET", "/v1/models/gpt-4o", "first /v1/models/{model} model=gpt-4o"},
      {"DELETE", "/v1/models/ft:a%2Fb", "first /v1/models/{model} model=ft:a/b"},
      {"GET", "/v1/models/", "404 first"},
      {"GET", "/v1/models/a/b", "404 first"},
      {"POST", "/v1/models/a", "405 GET DELETE"},
      {"GET", "/v1/chat", "405 POST"},
      {"POST", "/v1beta/models/g%3AgenerateContent", "first /v1beta/models/{model}:generateContent model=g"},
      {"POST", "/v1beta/models/:generateContent", "404 first"},
      {"GET", "/second/nothing", "404 second"},
      {"GET", "/", "404 first"},
      {"GET", "", "404 first"},
      {"GET", "/%", "404 first"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(told(router->find(row.method, row.path)), row.expected) << row.method << row.path;
}

TEST(Router, RefusesADialectWithAnUnknownOperation) {
  Dialect dialect = dialect_with("mine", {{"GET", "/x"}});
  dialect.endpoints[0].operation = "no.such";
  const auto router = Router::create({{"", &dialect}});
  ASSERT_FALSE(router);
  EXPECT_EQ(router.error().text(), "mine: endpoints: no endpoint is called \"no.such\"");
}

}  // namespace
}  // namespace mimus::server
