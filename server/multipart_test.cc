#include "server/multipart.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=b";

std::string part(const std::string& name, const std::string& body) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + body + "\r\n";
}

std::string error_of(std::string_view type, std::string_view body) {
  const auto form = read_form(type, body);
  return form ? "no error" : form.error().text();
}

TEST(Multipart, ReadsFieldsAndFiles) {
  const std::string body =
      "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n"
      "--b\r\ncontent-disposition: form-data; filename=\"a b.jsonl\"; name=\"file\"\r\n"
      "Content-Type: application/jsonl\r\n\r\n{\"a\":1}\r\n{\"b\":2}\r\n\r\n--b--\r\n";
  const auto form = read_form(kType, body);
  ASSERT_TRUE(form) << form.error().text();
  ASSERT_EQ(form->parts.size(), 2u);
  EXPECT_EQ(form->find("purpose")->body, "fine-tune");
  EXPECT_FALSE(form->find("purpose")->filename);
  const FormPart* file = form->find("file");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->filename, "a b.jsonl");
  EXPECT_EQ(file->content_type, "application/jsonl");
  EXPECT_EQ(file->body, "{\"a\":1}\r\n{\"b\":2}\r\n");  // one line break belongs to the boundary, one to the file
  EXPECT_GE(file->body.data(), body.data());            // a view, not a copy
  EXPECT_LE(file->body.data() + file->body.size(), body.data() + body.size());
  EXPECT_EQ(form->find("other"), nullptr);
}

TEST(Multipart, KeepsEveryByteOfABody) {
  const std::string rows[] = {"",          "\r\n",       "\r\n\r\n",     "\n",           "--",
                              "x--b",      "x\r\n--bx",  "\r\n--bb\r\n", "\r\n-b--\r\n", "x--b\r\n",
                              "\r\n--b-x", "\n--b\r\nx", "\r\r\n",       "\r",           std::string("\0\xff\x80", 3)};
  for (const std::string& content : rows) {
    const std::string body =
        part("first", content) + part("second", "x") + "--b--";  // the form's parts are views into it
    const auto form = read_form(kType, body);
    ASSERT_TRUE(form) << content << ": " << form.error().text();
    ASSERT_EQ(form->parts.size(), 2u) << content;
    EXPECT_EQ(form->parts[0].body, content);
    EXPECT_EQ(form->parts[1].body, "x");
  }
}

TEST(Multipart, ReadsWhatClientsSendBesides) {
  struct Row {
    std::string type;
    std::string body;
    std::string name;
    std::string content;
  };
  const std::string end = "\r\n--b--\r\n";
  const std::string head = "Content-Disposition: form-data; name=\"n\"";
  const Row rows[] = {
      {"Multipart/Form-Data;Boundary=\"b\"", "--b\r\n" + head + "\r\n\r\nv" + end, "n", "v"},
      {"multipart/form-data; charset=utf-8; boundary=b ; x=y", "--b\r\n" + head + "\r\n\r\nv" + end, "n", "v"},
      {kType, "preamble\r\n--b\r\n" + head + "\r\n\r\nv" + end + "epilogue --b", "n", "v"},
      {kType, "\r\n--b \t\r\n" + head + "\r\n\r\nv" + end, "n", "v"},
      {kType, "--b\r\n" + head + end, "n", ""},  // no body at all
      {kType, "--b\r\n" + head + "\r\n" + end, "n", ""},
      {kType, "--b\r\n" + head + "\r\n\r\n" + end, "n", ""},
      {kType, "--b\r\nContent-Disposition: form-data; name=n\r\n\r\nv" + end, "n", "v"},
      {kType, "--b\r\nContent-Disposition: form-data;name = \"n\" ;filename=f\r\n\r\nv" + end, "n", "v"},
      {kType, "--b\r\nContent-Disposition: form-data; filename*=utf-8''x; name=\"a\\\"b%22c\\d;e\"\r\n\r\nv" + end,
       "a\"b\"c\\d;e", "v"},
      {kType, "--b\r\nX-Other: 1\r\n" + head + "\r\nContent-Length: 1\r\n\r\nv" + end, "n", "v"},
  };
  for (const Row& row : rows) {
    const auto form = read_form(row.type, row.body);
    ASSERT_TRUE(form) << row.body << ": " << form.error().text();
    ASSERT_EQ(form->parts.size(), 1u) << row.body;
    EXPECT_EQ(form->parts[0].name, row.name);
    EXPECT_EQ(form->parts[0].body, row.content);
  }
}

TEST(Multipart, FindsListsWithAndWithoutBrackets) {
  const std::string body =
      part("image[]", "1") + part("image", "2") + part("images", "3") + part("image[]", "4") + "--b--";
  const auto form = read_form(kType, body);
  ASSERT_TRUE(form);
  std::string found;
  for (const FormPart* image : form->all("image")) found += image->body;
  EXPECT_EQ(found, "124");
}

TEST(Multipart, ReadsAFormWithoutParts) {
  EXPECT_TRUE(read_form(kType, "--b--\r\n")->parts.empty());
}

TEST(Multipart, NamesPlaceExpectationAndFindingOfAMistake) {
  struct Row {
    std::string type;
    std::string body;
    std::string says;
  };
  const std::string good = part("n", "v");
  std::string many;
  for (std::size_t i = 0; i <= kMaxFormParts; ++i) many += part("n", "v");
  const Row rows[] = {
      {"application/json", "{}", "expected Content-Type multipart/form-data, found \"application/json\""},
      {"", good, "found \"\""},
      {"multipart/form-data", good, "parameter boundary"},
      {"multipart/form-data; boundary=", good, "found 0"},
      {"multipart/form-data; boundary=\"b", good, "found none"},
      {"multipart/form-data; boundary=" + std::string(71, 'b'), good, "found 71"},
      {kType, "", "expected a line \"--b\" in the body, found none"},
      {kType, "{\"a\":1}", "expected a line \"--b\""},
      {"multipart/form-data; boundary=c", good + "--b--", "expected a line \"--c\""},
      {kType, good, "part 0: expected a closing line \"--b--\" behind it"},
      {kType, good + part("m", "w"), "part 1: expected a closing line"},
      {kType, "--b\nContent-Disposition: form-data; name=\"n\"\n\nv\n--b--\n", "expected a line \"--b\""},  // bare LF
      {kType, "--b\r\n\r\nv\r\n--b--", "part 0: expected a header Content-Disposition"},
      {kType, "--b\r\nContent-Disposition: form-data\r\n\r\nv\r\n--b--",
       "part 0: expected a header Content-Disposition"},
      {kType, good + "--b\r\nContent-Type: text/plain\r\n\r\nv\r\n--b--", "part 1: expected a header"},
      {kType, "--b\r\nno colon\r\n\r\nv\r\n--b--", "found \"no colon\""},
      {kType, "--b\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nv\r\n--b--", "UTF-8"},
      {kType, "--b\r\nX: " + std::string(kMaxPartHead, 'x') + "\r\n\r\nv\r\n--b--", "at most 16384 bytes"},
      {kType, many + "--b--", "at most 1000 parts"},
  };
  for (const Row& row : rows) {
    const std::string says = error_of(row.type, row.body);
    EXPECT_NE(says.find(row.says), std::string::npos) << row.body.substr(0, 200) << "\n" << says;
  }
}

TEST(Multipart, ReadsBackAnyFormThatIsWritten) {
  const unsigned seed = 20;
  std::mt19937 random(seed);
  SCOPED_TRACE("seed " + std::to_string(seed));
  const std::string pieces[] = {
      "\r\n", "--b", "--", "\r", "\n", "b", "x", std::string(1, '\0'), "Content-Type: a\r\n\r\n"};
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::string> contents(random() % 5);
    std::string body;
    for (std::string& content : contents) {
      for (unsigned n = random() % 8; n > 0; --n) content += pieces[random() % std::size(pieces)];
      // A writer picks a boundary that its contents do not have; all else is fair.
      for (std::size_t at = 0; (at = ("\r\n" + content).find("\r\n--b", at)) != std::string::npos;)
        content.erase(at, 1);
      body += part("n", content);
    }
    body += "--b--\r\n";
    const auto form = read_form(kType, body);
    ASSERT_TRUE(form) << body;
    ASSERT_EQ(form->parts.size(), contents.size()) << body;
    for (std::size_t i = 0; i < contents.size(); ++i) ASSERT_EQ(form->parts[i].body, contents[i]) << body;
  }
}

TEST(Multipart, NeverReadsATornFormAsAWholeOne) {
  const std::string body = part("first", "one") + part("second", "two\r\n") + "--b--";
  ASSERT_EQ(read_form(kType, body)->parts.size(), 2u);
  for (std::size_t size = 0; size < body.size(); ++size) EXPECT_FALSE(read_form(kType, body.substr(0, size))) << size;
}

TEST(Multipart, ReadsALargeFileOfDashes) {
  const std::string content(32'000'000, '-');
  const auto form = read_form(kType, part("file", content) + "--b--");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->parts[0].body.size(), content.size());
}

}  // namespace
}  // namespace mimus::server
