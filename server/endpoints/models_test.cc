#include <gtest/gtest.h>

#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

TEST(Models, AreNotForTheCallerToDelete) {
  AppDesk desk;
  const Answered known = desk.ask("DELETE", "/v1/models/gpt-4o", "", "");
  EXPECT_EQ(known.status, 403);
  EXPECT_EQ(known.at("/error/message"),
            "You have insufficient permissions for this operation. Missing scopes: api.delete");
  const Answered unknown = desk.ask("DELETE", "/v1/models/ft:gpt-4o:org::id", "", "");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.at("/error/message"), "The model 'ft:gpt-4o:org::id' does not exist");
  EXPECT_EQ(desk.get("/v1/models/gpt-4o").status, 200);
}

}  // namespace
}  // namespace mimus::server
