#include "server/base64.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

TEST(Base64, EncodesTheVectorsOfTheStandard) {  // RFC 4648, 10
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"},
                                                      {"\xfb\xff\xfe", "+//+"}};
  for (const auto& [bytes, text] : rows) {
    EXPECT_EQ(encode_base64(bytes), text);
    EXPECT_EQ(decode_base64(text), bytes);
  }
}

TEST(Base64, ReadsBackEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all += static_cast<char>(i);
    EXPECT_EQ(decode_base64(encode_base64(all)), all);
  }
}

TEST(Base64, RefusesWhatIsNotBase64) {
  for (const char* text : {"Z", "Zg=", "Zg", "Zm9v!===", "Zm 9v", "Zg==Zg==", "Zh==", "Zm9=", "====", "Z===", "Zm9-"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
  for (const char* text : {"Z", "Zg=", "Zg", "Zm9v!===", "Zm 9v", "Zg==Zg==", "====", "Z===", "Zm9-"}) {
    EXPECT_FALSE(is_base64(text)) << text;
  }
  for (const char* text : {"", "Zg==", "Zm8=", "Zm9v", "+//+"}) EXPECT_TRUE(is_base64(text)) << text;
}

}  // namespace
}  // namespace mimus::server
