#include <gmock/gmock.h>

#include "server/base64.h"
#include "server/endpoints/app_desk.h"
#include "server/endpoints/sample_form.h"
#include "server/synth/image.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kEdits = "/v1/images/edits";
constexpr const char* kVariations = "/v1/images/variations";
constexpr std::string_view kPngStart = "\x89PNG\r\n\x1a\n";

std::string image(const std::string& content = sample_png(64, 64), const std::string& name = "image",
                  const std::string& type = "image/png") {
  return form_file(name, content, "a.png", type);
}

std::string form(const std::string& parts) {
  return parts + "--b--\r\n";
}

std::string edit(const std::string& parts, const std::string& model = "gpt-image-1") {
  return form(form_part("prompt", "Add a hat") + form_part("model", model) + parts);
}

Answered ask_edit(AppDesk& desk, const std::string& body) {
  return desk.ask("POST", kEdits, body, kFormType);
}

TEST(ImageEdits, GiveAPictureThatHangsOnAllThatWasSent) {
  AppDesk desk;
  const Answered answer = ask_edit(desk, edit(image() + form_part("size", "1536x1024")));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string picture = answer.at("/data/0/b64_json");
  EXPECT_THAT(decode_base64(picture).value_or(""), StartsWith(std::string(kPngStart)));
  EXPECT_EQ(answer.at("/size"), "1536x1024");
  EXPECT_EQ(answer.at("/usage/input_tokens_details/text_tokens"), "3");
  EXPECT_EQ(answer.at("/usage/input_tokens_details/image_tokens"), "194");
  EXPECT_EQ(answer.at("/usage/input_tokens"), "197");
  const std::string size = form_part("size", "1536x1024");
  EXPECT_EQ(ask_edit(desk, edit(image() + size)).at("/data/0/b64_json"), picture);
  EXPECT_NE(ask_edit(desk, edit(image(sample_png(64, 65)) + size)).at("/data/0/b64_json"), picture);
  EXPECT_NE(ask_edit(desk, edit(image() + image(sample_png(64, 64), "mask") + size)).at("/data/0/b64_json"), picture);
}

TEST(ImageEdits, TakeSeveralPicturesInEitherSpelling) {
  AppDesk desk;
  const Answered brackets =
      ask_edit(desk, edit(image(sample_png(1, 1), "image[]") + image(sample_png(2, 2), "image[]")));
  const Answered plain = ask_edit(desk, edit(image(sample_png(1, 1)) + image(sample_png(2, 2))));
  EXPECT_EQ(brackets.status, 200) << brackets.body;
  EXPECT_EQ(brackets.body, plain.body);
  EXPECT_EQ(plain.at("/usage/input_tokens_details/image_tokens"), "388");
}

TEST(ImageEdits, ReadNumbersAndFlagsOutOfAForm) {
  AppDesk desk;
  const std::string two = form_part("n", "2") + form_part("response_format", "url");
  const Answered urls = ask_edit(desk, edit(image() + two, "dall-e-2"));
  ASSERT_EQ(urls.status, 200) << urls.body;
  EXPECT_THAT(urls.at("/data/1/url"), StartsWith("http://127.0.0.1:8080/images/"));
  EXPECT_EQ(desk.get(urls.at("/data/1/url").substr(21)).status, 200);
  const Answered streamed =
      ask_edit(desk, edit(image() + form_part("stream", "true") + form_part("partial_images", "1")));
  EXPECT_THAT(streamed.body,
              StartsWith("event: image_edit.partial_image\ndata: {\"type\":\"image_edit.partial_image\""));
  EXPECT_THAT(streamed.body, HasSubstr("\n\nevent: image_edit.completed\ndata: "));
  EXPECT_THAT(streamed.body, HasSubstr(R"("partial_image_index":0})"));
}

TEST(ImageEdits, TakePicturesByReferenceAsJson) {
  AppDesk desk;
  const std::string content = *make_png({8, 8}, 1);
  const std::string file = form(form_part("purpose", "vision") + form_file("file", content, "a.png", "image/png"));
  const std::string id = desk.ask("POST", "/v1/files", file, kFormType).at("/id");
  const std::string data = "data:image/png;base64," + encode_base64(content);
  const auto body = [](const std::string& reference, const std::string& more = "") {
    return R"({"model":"gpt-image-1","prompt":"Add a hat","images":[)" + reference + "]" + more + "}";
  };
  const std::string by_data = R"({"image_url":")" + data + "\"}";
  for (const std::string& reference :
       {by_data, R"({"file_id":")" + id + "\"}", std::string(R"({"image_url":"https://example.com/a.png"})")}) {
    const Answered answer = desk.post(kEdits, body(reference));
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.at("/usage/input_tokens_details/image_tokens"), "194");
  }
  EXPECT_EQ(desk.post(kEdits, body(by_data, ",\"mask\":" + by_data)).status, 200);
  expect_refused(desk, kEdits,
                 {{R"({"prompt":"x"})", 400, "missing_required_parameter", "images"},
                  {R"({"prompt":"x","image":[{}]})", 400, "unknown_parameter", "image"},
                  {R"({"prompt":"x","images":[]})", 400, "empty_array", "images"},
                  {R"({"prompt":"x","images":["x"]})", 400, "invalid_type", "images[0]"},
                  {body("{}"), 400, "missing_required_parameter", "images[0].image_url"},
                  {body(R"({"image_url":"ftp://x"})"), 400, "invalid_image_url", "images[0].image_url"},
                  {body(R"({"image_url":"data:image/png,x"})"), 400, "invalid_image_url", "images[0].image_url"},
                  {body(R"({"image_url":"data:image/png;base64,*"})"), 400, "invalid_value", "images[0].image_url"},
                  {body(R"({"image_url":"data:image/png;base64,QUJD"})"), 400, "invalid_image_file", "null"},
                  {body(R"({"image_url":"data:text/plain;base64,QUJD"})"), 400, "unsupported_file_mimetype",
                   "images[0].image_url"},
                  {body(R"({"file_id":"file-x"})"), 404, "null", "id"},
                  {body(R"({"file_id":"file-x","image_url":"https://a"})"), 400, "invalid_parameter_combination",
                   "images[0].image_url"}});
}

struct Row {
  std::string body;
  int status;
  std::string code;
  std::string param;
  std::string message = "";  // a part of it
  std::string type = kFormType;
};

void expect_refused_form(const std::string& path, const std::vector<Row>& rows) {
  AppDesk desk;
  for (const Row& row : rows) {
    const Answered answer = desk.ask("POST", path, row.body, row.type);
    const std::string what = row.body.substr(0, 500) + "\n" + answer.body.substr(0, 500);
    EXPECT_EQ(answer.status, row.status) << what;
    EXPECT_EQ(answer.at("/error/code"), row.code) << what;
    EXPECT_EQ(answer.at("/error/param"), row.param) << what;
    EXPECT_THAT(answer.at("/error/message"), HasSubstr(row.message)) << what;
  }
}

TEST(ImageEdits, RefuseABadForm) {
  const std::string prompt = form_part("prompt", "x");
  std::string seventeen;
  for (int i = 0; i < 17; ++i) seventeen += image();
  expect_refused_form(
      kEdits, {{"", 400, "unsupported_content_type", "null", "", "text/plain"},
               {"", 400, "null", "null", "Could not parse multipart form"},
               {prompt + image(), 400, "null", "null", "closing line"},
               {form(image()), 400, "missing_required_parameter", "prompt"},
               {form(prompt), 400, "missing_required_parameter", "image"},
               {form(image() + form_part("prompt", "")), 400, "empty_string", "prompt"},
               {form(image() + form_part("prompt", "\xff")), 400, "null", "null", "'prompt' is not UTF-8"},
               {form(prompt + form_part("image", "text")), 400, "invalid_type", "image",
                "expected one of an array of files or file, but got a string instead."},
               {edit(image() + form_part("more", "1")), 400, "unknown_parameter", "more"},
               {edit(image() + form_part("n", "two")), 400, "invalid_type", "n"},
               {edit(image() + form_part("n", "11")), 400, "integer_above_max_value", "n"},
               {edit(image() + form_part("stream", "yes")), 400, "invalid_type", "stream"},
               {edit(image() + form_part("partial_images", "4")), 400, "integer_above_max_value", "partial_images"},
               {edit(image() + form_part("size", "256x256")), 400, "unsupported_value", "size"},
               {edit(image() + form_part("input_fidelity", "high"), "dall-e-2"), 400, "unsupported_parameter",
                "input_fidelity"},
               {edit(image(), "dall-e-3"), 404, "null", "model"},
               {edit(image(), "nothing"), 404, "model_not_found", "null"},
               {edit(seventeen), 400, "array_above_max_length", "image"},
               {edit(image() + image(), "dall-e-2"), 400, "array_above_max_length", "image"}});
}

TEST(ImageEdits, RefuseABadPicture) {
  const std::string good = sample_png(8, 8);
  const std::string heavy = sample_png(8, 8, 6, std::string(4 * 1024 * 1024, 'x'));
  expect_refused_form(
      kEdits,
      {{edit(image(good, "image", "")), 400, "missing_file_mimetype", "image"},
       {edit(image(good, "image", "application/octet-stream")), 400, "unsupported_file_mimetype", "image",
        "unsupported mimetype ('application/octet-stream'). Supported file formats are 'image/jpeg', 'image/png', and "
        "'image/webp'."},
       {edit(image(good, "image[]") + image(good, "image[]", "image/gif")), 400, "unsupported_file_mimetype",
        "image[1]"},
       {edit(image(good, "image", "image/webp"), "dall-e-2"), 400, "unsupported_file_mimetype", "image",
        "Supported file formats are 'image/png'."},
       {edit(image("")), 400, "invalid_image_file", "null", "Invalid image file or mode for image 0"},
       {edit(image() + image("junk")), 400, "invalid_image_file", "null", "for image 1"},
       {edit(image("junk"), "dall-e-2"), 400, "null", "null", "Uploaded image must be a PNG and less than 4 MB."},
       {edit(image(heavy), "dall-e-2"), 400, "null", "null", "Uploaded image must be a PNG and less than 4 MB."},
       {edit(image(std::string(100'000'000, 'x'))), 413, "null", "null", "limit (52428800) exceeded (100000000"},
       {edit(image(sample_png(8, 9)), "dall-e-2"), 400, "null", "image", "must be square"},
       {edit(image(sample_png(8, 8, 2)), "dall-e-2"), 400, "null", "null",
        "format must be in ['RGBA', 'LA', 'L'], got RGB."},
       {edit(image(good) + image("junk", "mask")), 400, "invalid_image_file", "null"},
       {edit(image(good) + image(sample_png(9, 8), "mask")), 400, "null", "mask", "8x8, but it is 9x8"}});
  AppDesk desk;  // with a mask the picture itself needs no transparency
  EXPECT_EQ(ask_edit(desk, edit(image(sample_png(8, 8, 2)) + image(good, "mask"), "dall-e-2")).status, 200);
}

TEST(ImageVariations, AreMadeOfOnePicture) {
  AppDesk desk;
  const std::string two = form(image(sample_png(8, 8, 2)) + form_part("n", "2") + form_part("size", "256x256"));
  const Answered answer = desk.ask("POST", kVariations, two, kFormType);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Answered first = desk.get(answer.at("/data/0/url").substr(21));
  const Answered second = desk.get(answer.at("/data/1/url").substr(21));
  EXPECT_THAT(first.body, StartsWith(std::string(kPngStart)));
  EXPECT_NE(first.body, second.body);
  const Answered base64 =
      desk.ask("POST", kVariations, form(image() + form_part("response_format", "b64_json")), kFormType);
  EXPECT_THAT(decode_base64(base64.at("/data/0/b64_json")).value_or(""), StartsWith(std::string(kPngStart)));
}

TEST(ImageVariations, RefuseWhatTheVendorRefuses) {
  expect_refused_form(kVariations, {{"{}", 400, "unsupported_content_type", "null", "", "application/json"},
                                    {form(form_part("n", "1")), 400, "missing_required_parameter", "image"},
                                    {form(image() + form_part("prompt", "x")), 400, "unknown_parameter", "prompt"},
                                    {form(image() + form_part("model", "gpt-image-1")), 404, "null", "model"},
                                    {form(image() + form_part("size", "2x2")), 400, "unsupported_value", "size"},
                                    {form(image() + image()), 400, "array_above_max_length", "image"},
                                    {form(image("")), 400, "null", "null", "must be a PNG"}});
}

}  // namespace
}  // namespace mimus::server
