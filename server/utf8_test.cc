#include "server/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

TEST(Utf8, AcceptsWellFormedTextAndNothingElse) {
  using std::string_literals::operator""s;
  for (const std::string& good :
       {""s, "abc"s, "\0"s, "h\u00e9"s, "\u20ac"s, "\U0001f600"s, "\ud7ff\ue000"s, "\U0010ffff"s}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const std::string& bad : {"\x80"s, "\xc3"s, "\xc0\x80"s, "\xe0\x80\x80"s, "\xed\xa0\x80"s, "\xf0\x80\x80\x80"s,
                                 "\xf4\x90\x80\x80"s, "\xff"s, "\xe2\x82"s, "a\xe2\x28\xa1"s, "\xf0\x9f\x98z"s}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace mimus::server
