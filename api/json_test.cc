#include "api/json.h"

#include <gtest/gtest.h>

#include "api/json_writer.h"

namespace mimus {
namespace {

TEST(Json, ReadsWhatItWrites) {
  const std::string text = R"({"a":[1,-2.5,"\"é\n",null,true],"b":{}})";
  const auto document = parse_json(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(to_text(document->root()), text);
  EXPECT_EQ(document->root().find_pointer("/a/1").as_double(), -2.5);
  EXPECT_FALSE(document->root().find("c"));
}

TEST(Json, RefusesWhatIsNotJson) {
  const std::string deep(1'000'000, '[');
  for (const std::string& text :
       {std::string("{"), std::string("{} x"), std::string("\"\xff\""), std::string("\"\\ud800\""), deep,
        std::string("1\0", 2), std::string(""), std::string("{\"a\":1,}")}) {
    EXPECT_FALSE(parse_json(text)) << text.substr(0, 20);
  }
}

// Each ends inside a UTF-8 sequence; the address sanitizer watches that nothing behind the text is read.
TEST(Json, ReadsNothingBehindATextThatIsCutInsideACharacter) {
  for (const char* text : {"\"0123456789abcdef\xf4", "\"0123456789abcdef\xe2", "\"0123456789abcdef\xc3"}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
}

// A text of ASCII alone is not looked at character by character.
TEST(Json, RefusesABadByteAtEveryPlaceOfALongText) {
  for (std::size_t at = 1; at < 20; ++at) {
    std::string text = "\"" + std::string(19, 'a') + "\"";
    EXPECT_TRUE(parse_json(text));
    text[at] = '\xff';
    EXPECT_FALSE(parse_json(text)) << at;
    text.replace(at, 1, "é");
    EXPECT_TRUE(parse_json(text)) << at;
  }
}

// A document has room of its own for a few values; what is more lies elsewhere.
TEST(Json, HoldsDocumentsOfEverySize) {
  std::string text = "[0]";
  for (int size = 1; size < 200; ++size) {
    const auto document = parse_json(text);
    ASSERT_TRUE(document) << size;
    EXPECT_EQ(to_text(document->root()), text);
    EXPECT_EQ(to_text(copy_of(document->root()).root()), text);
    text.back() = ',';
    text += "{\"a\":" + std::to_string(size) + "}]";
  }
}

TEST(Json, AcceptsCommentsInFilesOnly) {
  EXPECT_TRUE(parse_json("{\"a\":1,} // end", JsonSyntax::Relaxed));
  EXPECT_FALSE(parse_json("{\"a\":1} // end"));
}

TEST(Json, TellsTheLineOfAPointer) {
  const std::string text = "{\n  \"a\": [\n    {\"b\": 1},\n    {\"c\": 2}\n  ]\n}";
  const auto place = place_of_pointer(text, "/a/1/c");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->line, 4U);
  EXPECT_EQ(place->column, 6U);
}

TEST(Json, MergePatchRemovesWithNull) {
  const auto base = parse_json(R"({"a":{"x":1,"y":2},"b":1})");
  const auto patch = parse_json(R"({"a":{"x":null,"z":3},"c":[1]})");
  EXPECT_EQ(to_text(merge_patch(base->root(), patch->root()).root()), R"({"a":{"y":2,"z":3},"b":1,"c":[1]})");
}

TEST(JsonWriter, SetsCommasInNestedValues) {
  std::string out = "data: ";
  JsonWriter(out).object().member("a", 1).key("b").array().integer(1).object().end_object().end_array().end_object();
  EXPECT_EQ(out, R"(data: {"a":1,"b":[1,{}]})");
}

// A word of eight bytes is looked at as one: what lies before, behind and next to the byte must not matter.
TEST(JsonWriter, EscapesAtEveryPlaceOfALongText) {
  constexpr std::pair<char, std::string_view> kEscapes[] = {
      {'"', R"(\")"}, {'\\', R"(\\)"}, {'\n', R"(\n)"}, {'\x1f', R"(\u001f)"}, {'\0', R"(\u0000)"}};
  for (const char around : {'a', ' ', '!', '#', '[', ']', '\x7f', '\x80', '\xff'}) {
    for (const auto& [special, escape] : kEscapes) {
      for (const std::size_t size : {7U, 8U, 9U, 19U}) {
        for (std::size_t at = 0; at < size; ++at) {
          std::string text(size, around);
          text[at] = special;
          std::string expected(at, around);
          expected.append(escape).append(size - 1 - at, around);
          std::string out;
          append_escaped(text, out);
          ASSERT_EQ(out, expected) << at << " of " << size;
        }
      }
    }
  }
}

}  // namespace
}  // namespace mimus
