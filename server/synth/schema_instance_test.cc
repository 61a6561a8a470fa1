#include "server/synth/schema_instance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "api/json_writer.h"
#include "api/read_file.h"
#include "server/synth/rng.h"
#include "server/synth/schema/schema_check.h"

namespace mimus::server {
namespace {

namespace fs = std::filesystem;

struct Named {
  std::string name;
  Json schema;
};

// The schemas of fixtures/golden/schemas, which the end-to-end tests also judge with an independent validator.
class SchemaFiles : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto& entry : fs::directory_iterator(fs::path(MIMUS_SOURCE_DIR) / "fixtures/golden/schemas")) {
      auto document = parse_json(*read_file(entry.path(), 1 << 20));
      ASSERT_TRUE(document) << entry.path();
      for (const Json one : document->root().elements()) {
        all_.push_back(
            {entry.path().stem().string() + ": " + std::string(one.find("name").as_string()), one.find("schema")});
      }
      documents_.push_back(std::move(*document));
    }
    std::sort(all_.begin(), all_.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
  }
  std::vector<JsonDocument> documents_;
  std::vector<Named> all_;
};

bool satisfies(Json schema, Json value) {
  Patterns patterns;
  return SchemaCheck(schema, patterns).accepts(schema, value);
}

// Set MIMUS_INSTANCES_FILE to have every schema and instance written there, a JSON object a line, for another judge.
class InstanceLog {
 public:
  InstanceLog() {
    if (const char* file = std::getenv("MIMUS_INSTANCES_FILE")) out_.open(file, std::ios::app);
  }
  void add(const std::string& name, Json schema, const std::string& instance) {
    if (!out_.is_open()) return;
    std::string line;
    JsonWriter(line)
        .object()
        .member("name", std::string_view(name))
        .key("schema")
        .value(schema)
        .key("value")
        .raw(instance)
        .end_object();
    out_ << line << "\n";
  }

 private:
  std::ofstream out_;
};

TEST_F(SchemaFiles, AllHaveInstances) {
  InstanceLog log;
  const Topics topics("What is the weather in Paris tomorrow?");
  ASSERT_GE(all_.size(), 200U);
  for (const Named& one : all_) {
    for (std::uint64_t digest = 0; digest < 12; ++digest) {
      const auto text = schema_instance(one.schema, derive(77, digest), digest % 3 == 0 ? Topics() : topics);
      EXPECT_TRUE(text) << one.name << ": " << text.error().text();
      if (!text) break;
      const auto value = parse_json(*text);
      ASSERT_TRUE(value) << one.name << ": " << *text;
      EXPECT_TRUE(satisfies(one.schema, value->root())) << one.name << ": " << *text;
      EXPECT_LE(text->size(), 30000U) << one.name;
      log.add(one.name, one.schema, *text);
    }
  }
}

TEST_F(SchemaFiles, GiveTheSameInstanceTwice) {
  for (const Named& one : all_) {
    const auto first = schema_instance(one.schema, 5, {});
    const auto second = schema_instance(one.schema, 5, {});
    ASSERT_TRUE(first && second) << one.name;
    EXPECT_EQ(*first, *second) << one.name;
  }
}

struct RefusedCase {
  std::string schema;
  std::string error;
};

TEST(SchemaInstance, SaysWhyThereIsNone) {
  const RefusedCase cases[] = {
      {"false", "the schema false accepts no value"},
      {R"({"type":"integer","minimum":5,"maximum":3})", "no number lies between 5 and 3"},
      {R"({"type":"integer","minimum":5.1,"maximum":5.9})", "no integer lies between 5.1 and 5.9"},
      {R"({"type":"string","minLength":5,"maxLength":3})", "minLength 5 is above maxLength 3"},
      {R"({"type":"string","pattern":"^(a)\\1$"})", "back references are not supported"},
      {R"({"type":"string","pattern":"^a$","minLength":3})", "found no text"},
      {R"({"type":"string","minLength":200000})", "above 100000 is not supported"},
      {R"({"enum":[]})", "none of the values"},
      {R"({"enum":["a"],"type":"integer"})", "none of the values"},
      {R"({"allOf":[{"type":"string"},{"type":"integer"}]})", "no type fits"},
      {R"({"not":{}})", "found no value"},
      {R"({"oneOf":[{"type":"integer"},{"type":"integer"}]})", "found no value"},
      {R"({"anyOf":[]})", "anyOf has no choices"},
      {R"({"type":"array","items":false,"minItems":1})", "1 elements is required, 0 are allowed"},
      {R"({"type":"array","items":{"type":"boolean"},"minItems":3,"uniqueItems":true})",
       "/2: found no further element"},
      {R"({"type":"array","minItems":1000000})", "minItems above 2000"},
      {R"({"type":"object","properties":{"a":false},"required":["a"]})", "/a: the schema false accepts no value"},
      {R"({"type":"object","required":["a"],"additionalProperties":false})", "/a: the schema false"},
      {R"({"type":"object","minProperties":2,"additionalProperties":false,"properties":{"a":{}}})",
       "the schema allows 1"},
      {R"({"type":"object","required":["a","b"],"maxProperties":1})", "more members are required"},
      {R"({"$ref":"#/$defs/none"})", "leads nowhere"},
      {R"({"$ref":"https://example.com/other.json"})", "leads nowhere"},
      {R"({"$ref":"#"})", "lead in a circle"},
      {R"({"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"})", "lead in a circle"},
      {R"({"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]})", "deeper than 60 levels"},
      {R"({"$dynamicRef":"#x"})", "$dynamicRef is not supported"},
      {R"({"type":"object","properties":{"a":{"type":"object","properties":{"b~":{"type":"integer","minimum":2,"maximum":1}},"required":["b~"]}},"required":["a"]})",
       "/a/b~0: no number"},
  };
  for (const RefusedCase& c : cases) {
    const auto document = parse_json(c.schema);
    ASSERT_TRUE(document) << c.schema;
    const auto text = schema_instance(document->root(), 1, {});
    ASSERT_FALSE(text) << c.schema << " gave " << *text;
    EXPECT_NE(text.error().text().find(c.error), std::string::npos) << c.schema << ": " << text.error().text();
  }
}

std::string wrapped(int times, const std::string& before, std::string inner, const std::string& after) {
  while (times-- > 0) inner = before + inner + after;
  return inner;
}

// $defs a0 to a39, each of which asks its forerunner twice: 2^40 ways.
std::string doubling(const std::string& open, const std::string& close) {
  std::string all = R"("$defs":{"a0":{"type":"string"})";
  for (int i = 1; i < 40; ++i) {
    const std::string ref = R"({"$ref":"#/$defs/a)" + std::to_string(i - 1) + "\"}";
    all += ",\"a" + std::to_string(i) + "\":" + open + ref + "," + ref + close;
  }
  return all + "}";
}

// Each of these took minutes, or all memory, without a limit somewhere.
TEST(SchemaInstance, ComesToAnEndWithHostileSchemas) {
  const std::string impossible = R"({"type":"string","minLength":2,"maxLength":1})";
  const std::string schemas[] = {
      wrapped(200, R"({"oneOf":[)", R"({"type":"integer"})", R"(,{"type":"string","not":{}}]})"),
      wrapped(60, R"({"type":"object","required":["a"],"properties":{"a":{"anyOf":[)", impossible,
              "," + impossible + "]}}}"),
      wrapped(6, R"({"type":"array","minItems":2000,"items":)", R"({"type":"integer"})", "}"),
      "{" + doubling(R"({"allOf":[)", "]}") + R"(,"$ref":"#/$defs/a39"})",
      "{" + doubling(R"({"anyOf":[{"allOf":[)", "]}]}") + R"(,"enum":["x"],"not":{"$ref":"#/$defs/a39"}})",
      R"({"type":"string","pattern":"^(a{5000}){5000}$"})",
      R"({"type":"string","pattern":"^((a{0,5000}){0,5000}){0,5000}b$","minLength":900})",
      R"({"type":"string","pattern":"^(?=(a|aa)+$)(?!(a+)+b).{900}$"})",
      R"({"type":"array","minItems":2000,"items":{"type":"string","minLength":100000}})",
      R"({"$defs":{"n":{"type":"object","required":["x","y"],"properties":{"x":{"$ref":"#/$defs/n"},"y":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"})",
  };
  for (const std::string& schema : schemas) {
    const auto document = parse_json(schema);
    ASSERT_TRUE(document) << schema.substr(0, 100);
    const auto text = schema_instance(document->root(), 1, {});
    EXPECT_LE(text ? text->size() : 0, std::size_t{2} << 20) << schema.substr(0, 100);
  }
}

TEST(SchemaInstance, KnowsTheSpellingsOfDraft4) {
  const char* schemas[] = {
      R"({"type":"integer","minimum":3,"exclusiveMinimum":true,"maximum":5,"exclusiveMaximum":true})",
      R"({"type":"number","minimum":0,"exclusiveMinimum":true,"maximum":0.001})",
      R"({"id":"http://example.com/s","definitions":{"a":{"enum":["x"]}},"type":"array","items":{"$ref":"#/definitions/a"},"minItems":1})",
  };
  for (const char* schema : schemas) {
    const auto document = parse_json(schema);
    const auto text = schema_instance(document->root(), 1, {});
    ASSERT_TRUE(text) << schema << text.error().text();
    EXPECT_TRUE(satisfies(document->root(), parse_json(*text)->root())) << *text;
  }
  EXPECT_EQ(*schema_instance(parse_json(schemas[0])->root(), 1, {}), "4");
}

TEST(SchemaInstance, LooksPlausible) {
  const auto text = [](std::string_view schema, std::string_view prompt) {
    const auto document = parse_json(schema);
    return *schema_instance(document->root(), 3, Topics(prompt));
  };
  EXPECT_EQ(text(R"({"properties":{"city":{"type":"string"}}})", "the weather in Oslo"), R"({"city":"Oslo"})");
  EXPECT_EQ(text(R"({"properties":{"query":{"type":"string"}}})", "find red bicycles"), R"({"query":"find bicycles"})");
  EXPECT_EQ(text(R"({"type":"object"})", ""), "{}");
}

TEST(ObjectInstance, IsAlwaysAnObject) {
  for (const char* schema : {"{}", "true", R"({"properties":{"a":{"type":"integer"}}})",
                             R"({"type":["object","null"]})", R"({"anyOf":[{"type":"string"},{"type":"object"}]})"}) {
    const auto document = parse_json(schema);
    const auto text = object_instance(document->root(), 1, {});
    ASSERT_TRUE(text) << schema;
    EXPECT_EQ(text->front(), '{') << schema;
  }
  EXPECT_EQ(*object_instance({}, 1, {}), "{}");
  EXPECT_FALSE(object_instance(parse_json(R"({"type":"string"})")->root(), 1, {}));
}

// Schemas of keywords thrown together. Many have no instance, so only two things are claimed: what comes out satisfies
// the schema, and most get something.
class RandomSchema {
 public:
  explicit RandomSchema(std::uint64_t seed) : rng_(seed) {}

  std::string text(int depth) {
    switch (rng_.below(depth > 2 ? 5 : 9)) {
      case 0:
        return R"({"type":"string")" + maybe(R"("minLength":)", 8) + maybe(R"("maxLength":)", 4, 8) + pattern() + "}";
      case 1:
        return R"({"type":"integer")" + maybe(R"("minimum":)", 20) + maybe(R"("maximum":)", 30, 15) +
               maybe(R"("multipleOf":)", 4, 1) + "}";
      case 2:
        return R"({"type":"number")" + maybe(R"("exclusiveMinimum":)", 20) + maybe(R"("maximum":)", 30, 21) + "}";
      case 3:
        return R"({"enum":["a",1,null,true,[1],"b"]})";
      case 4:
        return R"({"type":["boolean","null"]})";
      case 5:
        return R"({"type":"array","items":)" + text(depth + 1) + maybe(R"("minItems":)", 3) +
               maybe(R"("maxItems":)", 3, 2) + (rng_.one_in(3) ? R"(,"uniqueItems":true)" : "") + "}";
      case 6:
        return object(depth);
      case 7: {
        const char* const kinds[] = {"anyOf", "oneOf", "allOf"};
        const std::string kind = rng_.pick(kinds);
        return "{\"" + kind + "\":[" + text(depth + 1) + "," + text(depth + 1) + "]}";
      }
      default:
        return R"({"not":)" + text(depth + 1) + R"(,"if":)" + text(depth + 1) + R"(,"then":)" + text(depth + 1) + "}";
    }
  }

 private:
  std::string maybe(const std::string& keyword, std::uint32_t range, std::uint32_t from = 0) {
    return rng_.one_in(2) ? "," + keyword + std::to_string(from + rng_.below(range)) : "";
  }
  std::string pattern() {
    const char* const patterns[] = {"^[a-z]+$", "^\\\\d{2,6}$", "x", "^(ab|c)*$"};
    return rng_.one_in(3) ? ",\"pattern\":\"" + std::string(rng_.pick(patterns)) + "\"" : "";
  }
  std::string object(int depth) {
    std::string all = R"({"type":"object","properties":{"a":)" + text(depth + 1) + R"(,"b":)" + text(depth + 1) + "}";
    if (rng_.one_in(2)) all += R"(,"required":["a"])";
    if (rng_.one_in(3)) all += R"(,"additionalProperties":)" + (rng_.one_in(2) ? "false" : text(depth + 1));
    if (rng_.one_in(4)) all += R"(,"dependentRequired":{"a":["b"]})";
    if (rng_.one_in(4)) all += R"(,"patternProperties":{"^[b-d]":)" + text(depth + 1) + "}";
    return all + maybe(R"("minProperties":)", 3) + maybe(R"("maxProperties":)", 3, 2) + "}";
  }
  Rng rng_;
};

TEST(SchemaInstance, SatisfiesRandomSchemas) {
  InstanceLog log;
  int found = 0;
  constexpr int kCount = 1500;
  for (std::uint64_t seed = 0; seed < kCount; ++seed) {
    const auto document = parse_json(RandomSchema(seed).text(0));
    ASSERT_TRUE(document) << "seed " << seed;
    const auto text = schema_instance(document->root(), seed, {});
    if (!text) continue;
    ++found;
    const auto value = parse_json(*text);
    ASSERT_TRUE(value) << "seed " << seed;
    EXPECT_TRUE(satisfies(document->root(), value->root())) << "seed " << seed << ": " << *text;
    log.add("random " + std::to_string(seed), document->root(), *text);
  }
  EXPECT_GE(found, kCount * 85 / 100);
  RecordProperty("found", found);
}

}  // namespace
}  // namespace mimus::server
