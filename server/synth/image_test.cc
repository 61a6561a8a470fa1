#include "server/synth/image.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <png.h>

#include "server/synth/digest.h"

namespace mimus::server {
namespace {

struct Picture {
  ImageSize size;
  std::vector<unsigned char> rgb;
};

Picture decode(const std::string& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0) << image.message;
  image.format = PNG_FORMAT_RGB;
  Picture picture{{static_cast<int>(image.width), static_cast<int>(image.height)}, {}};
  picture.rgb.resize(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, picture.rgb.data(), 0, nullptr), 0) << image.message;
  return picture;
}

Picture picture_of(ImageSize size, std::uint64_t seed, int block = 1) {
  const auto png = make_png(size, seed, block);
  EXPECT_TRUE(png);
  return decode(png.value_or(""));
}

// The share of pixels in which one of the colours differs clearly.
double difference(const Picture& a, const Picture& b) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.rgb.size(); i += 3) {
    int most = 0;
    for (std::size_t k = 0; k < 3; ++k) most = std::max(most, std::abs(int{a.rgb[i + k]} - int{b.rgb[i + k]}));
    different += most > 40 ? 1 : 0;
  }
  return static_cast<double>(different) * 3 / static_cast<double>(a.rgb.size());
}

TEST(Image, HasTheSizeThatIsAskedFor) {
  const ImageSize sizes[] = {{1, 1},       {2, 3},       {256, 256}, {512, 512}, {1024, 1024}, {1792, 1024},
                             {1024, 1792}, {1536, 1024}, {16, 4096}, {4096, 1},  {7, 13}};
  for (const ImageSize size : sizes) {
    const Picture picture = picture_of(size, 3);
    EXPECT_EQ(picture.size.width, size.width);
    EXPECT_EQ(picture.size.height, size.height);
  }
}

TEST(Image, RefusesASizeItCannotPaint) {
  for (const ImageSize size :
       {ImageSize{0, 10}, ImageSize{10, 0}, ImageSize{-1, 10}, ImageSize{4097, 1}, ImageSize{1, 1 << 30}}) {
    EXPECT_FALSE(make_png(size, 1));
  }
}

TEST(Image, ShowsEachSeedAsAPatternOfItsOwn) {
  std::vector<Picture> pictures;
  for (std::uint64_t seed = 0; seed < 24; ++seed) pictures.push_back(picture_of({128, 128}, seed));
  for (std::size_t a = 0; a < pictures.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) EXPECT_GT(difference(pictures[a], pictures[b]), 0.15) << a << " " << b;
  }
}

TEST(Image, ShowsTheSamePatternInEverySize) {
  const Picture small = picture_of({64, 64}, 9);
  const Picture large = picture_of({256, 256}, 9);
  Picture shrunk{{64, 64}, {}};
  for (std::size_t y = 0; y < 64; ++y) {
    for (std::size_t x = 0; x < 64; ++x) {
      for (std::size_t k = 0; k < 3; ++k) shrunk.rgb.push_back(large.rgb[((y * 4 + 2) * 256 + x * 4 + 2) * 3 + k]);
    }
  }
  EXPECT_LT(difference(small, shrunk), 0.01);
}

TEST(Image, IsMirroredAndNotEmpty) {
  const Picture picture = picture_of({256, 256}, 5);
  const auto pixel = [&](std::size_t x, std::size_t y) { return &picture.rgb[(y * 256 + x) * 3]; };
  std::size_t mirrored = 0;
  std::size_t inked = 0;
  for (std::size_t y = 0; y < 256; ++y) {
    for (std::size_t x = 0; x < 128; ++x) {
      const auto* left = pixel(x, y);
      const auto* right = pixel(255 - x, y);
      mirrored += std::abs(int{left[0]} - int{right[0]}) + std::abs(int{left[1]} - int{right[1]}) < 80 ? 1 : 0;
      inked += int{left[0]} + left[1] + left[2] < 450 ? 1 : 0;
    }
  }
  EXPECT_GT(mirrored, 256u * 128 * 95 / 100);
  EXPECT_GT(inked, 256u * 128 / 10);
}

TEST(Image, ComesCloserToTheFinalPictureWithEachPartialOne) {
  const ImageSize size{1024, 1024};
  const Picture whole = picture_of(size, 11);
  double before = 1;
  for (int index = 0; index < 3; ++index) {
    const double now = difference(picture_of(size, 11, partial_block(size, index)), whole);
    EXPECT_LT(now, before) << index;
    before = now;
  }
  EXPECT_GT(before, 0);
}

TEST(Image, IsTheSameOnEveryPlatform) {
  std::string text;
  for (const ImageSize size : {ImageSize{64, 64}, ImageSize{1792, 1024}}) {
    const Picture picture = picture_of(size, 42);
    const std::string_view pixels(reinterpret_cast<const char*>(picture.rgb.data()), picture.rgb.size());
    text += std::to_string(size.width) + "x" + std::to_string(size.height) + " " +
            std::to_string(Digest(0).add(pixels).value()) + "\n";
  }
  std::ifstream golden(std::string(MIMUS_SOURCE_DIR) + "/fixtures/golden/media/image_pixels.txt");
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(golden), {}));
}

}  // namespace
}  // namespace mimus::server
