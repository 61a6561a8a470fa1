#include "server/encode/error_body.h"

#include <gtest/gtest.h>

#include <vector>

#include "server/encode/make_delivery.h"

namespace mimus::server {
namespace {

const ApiError kError{
    .status = 400, .message = "Bad \"n\".", .type = "invalid_request_error", .param = "n", .code = {}, .headers = {}};
const std::vector<std::string> kFour = {"message", "type", "param", "code"};

TEST(ErrorBody, IsPrettyPrintedWithTheMembersOfTheDialect) {
  EXPECT_EQ(encode_error(kError, kFour),
            "{\n  \"error\": {\n    \"message\": \"Bad \\\"n\\\".\",\n    \"type\": \"invalid_request_error\",\n"
            "    \"param\": \"n\",\n    \"code\": null\n  }\n}\n");
  const std::vector<std::string> three = {"type", "code", "message"};
  EXPECT_EQ(encode_error_line(kError, three),
            R"({"error":{"type":"invalid_request_error","code":null,"message":"Bad \"n\"."}})");
}

TEST(ErrorBody, HasEventsForStreams) {
  const ApiError error{
      .status = 500, .message = "Sorry", .type = "server_error", .param = {}, .code = "server_error", .headers = {}};
  EXPECT_EQ(
      encode_error_event(error, kFour),
      "data: "
      "{\"error\":{\"message\":\"Sorry\",\"type\":\"server_error\",\"param\":null,\"code\":\"server_error\"}}\n\n");
  EXPECT_EQ(encode_response_error_event(error, 2, ErrorEventShape::Nested),
            "event: error\ndata: "
            "{\"type\":\"error\",\"error\":{\"type\":\"server_error\",\"code\":\"server_error\",\"message\":"
            "\"Sorry\",\"param\":null},\"sequence_number\":2}\n\n");
  EXPECT_EQ(encode_response_error_event(error, 0, ErrorEventShape::Flat),
            "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"Sorry\",\"param\":null,"
            "\"sequence_number\":0}\n\n");
}

TEST(ErrorBody, HasTheShapeOfGoogleRpc) {
  ApiError error{
      .status = 400, .message = "Bad key.", .type = "INVALID_ARGUMENT", .param = {}, .code = {}, .headers = {}};
  EXPECT_EQ(encode_google_error(error), R"({"error":{"code":400,"message":"Bad key.","status":"INVALID_ARGUMENT"}})");
  error.code = "API_KEY_INVALID";
  EXPECT_EQ(
      encode_google_error_event(error),
      "data: {\"error\":{\"code\":400,\"message\":\"Bad key.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":"
      "\"type.googleapis.com/"
      "google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\",\"domain\":\"googleapis.com\"}]}}\r\n\r\n");
}

TEST(ErrorBody, BringsItsHeadersAndStatus) {
  ApiError error = kError;
  error.status = 429;
  error.headers = {{"retry-after", "1"}};
  const Delivery delivery = make_error(error, kFour);
  EXPECT_EQ(delivery.status, 429);
  EXPECT_EQ(delivery.headers, (std::vector<Header>{{"content-type", "application/json"}, {"retry-after", "1"}}));
}

}  // namespace
}  // namespace mimus::server
