// What the tests of the Gemini endpoints ask.
#pragma once

#include <string>
#include <vector>

#include "server/endpoints/app_desk.h"

namespace mimus::server::gemini_test {

inline const std::string kModel = "/v1beta/models/gemini-2.5-flash";
inline const std::string kGenerate = kModel + ":generateContent";
inline const std::string kStream = kModel + ":streamGenerateContent";

inline std::string user(const std::string& text) {
  return R"({"role":"user","parts":[{"text":")" + text + R"("}]})";
}

// A body with `more` members behind one question.
inline std::string asking(const std::string& text, const std::string& more = "") {
  return R"({"contents":[)" + user(text) + "]" + (more.empty() ? "" : "," + more) + "}";
}

inline const std::string kWeather =
    R"("tools":[{"functionDeclarations":[{"name":"get_weather","description":"The weather of a city",)"
    R"("parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"},"unit":{"type":"STRING",)"
    R"("enum":["C","F"]}},"required":["city","unit"]}},{"name":"get_time"}]}])";

struct BadRow {
  std::string body;
  std::string message;
};

inline std::string bullet(const std::string& text) {
  return "* GenerateContentRequest." + text + "\n";
}

inline void expect_invalid(AppDesk& desk, const std::string& path, const std::vector<BadRow>& rows) {
  for (const BadRow& row : rows) {
    const Answered answer = desk.post(path, row.body);
    EXPECT_EQ(answer.status, 400) << row.body << answer.body;
    EXPECT_EQ(answer.at("/error/code"), "400") << row.body;
    EXPECT_EQ(answer.at("/error/status"), "INVALID_ARGUMENT") << row.body;
    EXPECT_EQ(answer.at("/error/message"), row.message) << row.body;
  }
}

}  // namespace mimus::server::gemini_test
