#include "server/endpoints/image_name.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

TEST(ImageName, ReadsBackWhatItWrote) {
  for (const NamedImage image :
       {NamedImage{0, {1, 1}}, NamedImage{~0ULL, {4096, 4096}}, NamedImage{255, {1792, 1024}}}) {
    const auto read = read_image_name(image_name(image));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->seed, image.seed);
    EXPECT_EQ(read->size.width, image.size.width);
    EXPECT_EQ(read->size.height, image.size.height);
  }
  EXPECT_EQ(image_name({255, {1024, 512}}), "00000000000000ff-1024x512.png");
}

TEST(ImageName, RefusesEverythingElse) {
  for (const char* name :
       {"", "x", ".png", "00000000000000ff.png", "00000000000000ff-.png", "00000000000000ff-1024.png",
        "00000000000000ff-1024x.png", "00000000000000ff-0x1.png", "00000000000000ff-01x1.png",
        "00000000000000ff-4097x1.png", "00000000000000ff-1x1.jpg", "-0000000000000ff-1x1.png",
        "00000000000000fg-1x1.png", "00000000000000ff-1x1x1.png", "00000000000000ff-+1x1.png",
        "00000000000000ff-99999999999x1.png", "../../../../etc/passwd-1x1.png"}) {
    EXPECT_FALSE(read_image_name(name)) << name;
  }
}

}  // namespace
}  // namespace mimus::server
