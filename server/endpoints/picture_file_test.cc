#include "server/endpoints/picture_file.h"

#include <gtest/gtest.h>

#include "server/endpoints/sample_form.h"
#include "server/synth/image.h"

namespace mimus::server {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

std::string seen(std::string_view file) {
  const auto picture = read_picture_file(file);
  if (!picture) return "nothing";
  std::string text =
      std::string(picture->type) + " " + std::to_string(picture->width) + "x" + std::to_string(picture->height);
  return picture->mode.empty() ? text : text + " " + std::string(picture->mode);
}

TEST(PictureFile, TellsFormatSizeAndMode) {
  const std::string segment = bytes({0xff, 0xd8, 0xff, 0xe0, 0, 4, 'J', 'F'});
  const std::string frame = bytes({0xff, 0xff, 0xc2, 0, 11, 8, 1, 0, 2, 0, 1, 1, 0x11, 0});
  const std::string riff = std::string("RIFF\x20\0\0\0WEBP", 12);
  EXPECT_EQ(seen(sample_png(3, 2)), "image/png 3x2 RGBA");
  EXPECT_EQ(seen(sample_png(3, 2, 0)), "image/png 3x2 L");
  EXPECT_EQ(seen(sample_png(3, 2, 2)), "image/png 3x2 RGB");
  EXPECT_EQ(seen(sample_png(3, 2, 4)), "image/png 3x2 LA");
  EXPECT_EQ(seen(*make_png({300, 200}, 1)), "image/png 300x200 P");
  EXPECT_EQ(seen(segment + frame), "image/jpeg 512x256");
  EXPECT_EQ(seen(riff + std::string("VP8 \x14\0\0\0abc\x9d\x01\x2a", 14) + bytes({0x40, 1, 0xf0, 0x80})),
            "image/webp 320x240");
  EXPECT_EQ(seen(riff + std::string("VP8L\x14\0\0\0\x2f", 9) + bytes({0x3f, 0xc1, 0x3b, 0}) + std::string(8, ' ')),
            "image/webp 320x240");
  EXPECT_EQ(seen(riff + std::string("VP8X\x0a\0\0\0\0\0\0\0", 12) + bytes({0x3f, 1, 0, 0xef, 0, 0})),
            "image/webp 320x240");
}

TEST(PictureFile, SeesNothingInAnythingElse) {
  const std::string jpeg = bytes({0xff, 0xd8, 0xff, 0xe0, 0, 4, 'J', 'F'});
  const std::string rows[] = {"",
                              "GIF89a",
                              "<svg/>",
                              sample_png(3, 2).substr(0, 25),
                              sample_png(0, 2),
                              sample_png(3, 2, 1),
                              jpeg,
                              jpeg + "no marker here",
                              std::string("RIFF\x20\0\0\0WEBP", 12),
                              std::string("RIFF\x20\0\0\0WEBPVP9 ", 16) + std::string(20, ' ')};
  for (const std::string& row : rows) EXPECT_EQ(seen(row), "nothing") << row.substr(0, 20);
  // Every beginning of a good file is safe to read.
  const std::string png = *make_png({8, 8}, 1);
  for (std::size_t size = 0; size < 26; ++size) EXPECT_EQ(seen(std::string_view(png).substr(0, size)), "nothing");
}

}  // namespace
}  // namespace mimus::server
