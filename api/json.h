// The one face of RapidJSON: parsed documents, and cheap views into them.
// A view is valid as long as its document lives. Documents are immutable after parsing, so reading is thread-safe.
// Source of the grammar: RFC 8259; pointers: RFC 6901; merge patch: RFC 7396.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/result.h"

namespace mimus {

struct JsonMember;
class JsonElements;
class JsonMembers;

// A value inside a JsonDocument, or nothing at all (Missing: what find() gives for an absent key).
class Json {
 public:
  enum class Kind { Missing, Null, Bool, Integer, Number, String, Array, Object };

  Json() = default;

  [[nodiscard]] Kind kind() const;
  explicit operator bool() const { return value_ != nullptr; }  // present; a null is present
  [[nodiscard]] bool is_null() const { return kind() == Kind::Null; }
  [[nodiscard]] bool is_bool() const { return kind() == Kind::Bool; }
  [[nodiscard]] bool is_integer() const { return kind() == Kind::Integer; }
  [[nodiscard]] bool is_number() const { return kind() == Kind::Integer || kind() == Kind::Number; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::String; }
  [[nodiscard]] bool is_array() const { return kind() == Kind::Array; }
  [[nodiscard]] bool is_object() const { return kind() == Kind::Object; }
  // Present and not null: most APIs treat a null as "not given".
  [[nodiscard]] bool has_value() const { return value_ != nullptr && !is_null(); }

  // Each asks for its own kind; asking another kind is a bug. An integer beyond int64 is of kind Number.
  [[nodiscard]] bool as_bool() const;
  [[nodiscard]] std::int64_t as_int() const;
  [[nodiscard]] double as_double() const;  // also of an Integer
  [[nodiscard]] std::string_view as_string() const;

  // The same with a stand-in for any other kind, for members whose kind was checked or does not matter.
  [[nodiscard]] bool bool_or(bool fallback) const { return is_bool() ? as_bool() : fallback; }
  [[nodiscard]] std::int64_t int_or(std::int64_t fallback) const { return is_integer() ? as_int() : fallback; }
  [[nodiscard]] double double_or(double fallback) const { return is_number() ? as_double() : fallback; }
  [[nodiscard]] std::string_view string_or(std::string_view fallback) const {
    return is_string() ? as_string() : fallback;
  }

  [[nodiscard]] std::size_t size() const;                    // elements or members; 0 for every other kind
  [[nodiscard]] Json at(std::size_t index) const;            // of an array; Missing beyond its end
  [[nodiscard]] JsonMember member(std::size_t index) const;  // of an object, in the order of the text; index < size()
  [[nodiscard]] Json find(std::string_view key) const;       // of an object, the first such key; else Missing
  [[nodiscard]] Json find_pointer(std::string_view pointer) const;  // "/a/0/b"; "" is the value itself; else Missing

  [[nodiscard]] JsonElements elements() const;  // for (Json e : json.elements()); empty unless an array
  [[nodiscard]] JsonMembers members() const;    // for (auto [key, value] : json.members()); empty unless an object

 private:
  friend class JsonDocument;
  friend class JsonAccess;
  explicit Json(const void* value) : value_(value) {}
  const void* value_ = nullptr;  // a rapidjson::Value
};

struct JsonMember {
  std::string_view key;
  Json value;
};

namespace json_detail {
template <class Range, class Item>
class Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Item;
  using difference_type = std::ptrdiff_t;
  using pointer = const Item*;
  using reference = Item;
  Iterator(Json json, std::size_t index) : json_(json), index_(index) {}
  Item operator*() const { return Range::item(json_, index_); }
  Iterator& operator++() {
    ++index_;
    return *this;
  }
  bool operator==(const Iterator& other) const { return index_ == other.index_; }

 private:
  Json json_;
  std::size_t index_;
};
}  // namespace json_detail

class JsonElements {
 public:
  explicit JsonElements(Json json) : json_(json), size_(json.is_array() ? json.size() : 0) {}
  static Json item(Json json, std::size_t index) { return json.at(index); }
  [[nodiscard]] auto begin() const { return json_detail::Iterator<JsonElements, Json>(json_, 0); }
  [[nodiscard]] auto end() const { return json_detail::Iterator<JsonElements, Json>(json_, size_); }

 private:
  Json json_;
  std::size_t size_;
};

class JsonMembers {
 public:
  explicit JsonMembers(Json json) : json_(json), size_(json.is_object() ? json.size() : 0) {}
  static JsonMember item(Json json, std::size_t index) { return json.member(index); }
  [[nodiscard]] auto begin() const { return json_detail::Iterator<JsonMembers, JsonMember>(json_, 0); }
  [[nodiscard]] auto end() const { return json_detail::Iterator<JsonMembers, JsonMember>(json_, size_); }

 private:
  Json json_;
  std::size_t size_;
};

inline JsonElements Json::elements() const {
  return JsonElements(*this);
}
inline JsonMembers Json::members() const {
  return JsonMembers(*this);
}

// Why a text is not JSON, and where (byte offset, counted from 0).
struct JsonSyntaxError {
  std::string message;  // "Missing a comma or } after an object member."
  std::size_t offset = 0;
};

enum class JsonSyntax {
  Strict,   // RFC 8259: what travels over the wire
  Relaxed,  // also // and /* */ comments and trailing commas: what people write into files
};

// Owns a parsed text. Movable; views stay valid when it moves.
class JsonDocument {
 public:
  JsonDocument();  // the value null
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  [[nodiscard]] Json root() const;

 private:
  friend class JsonAccess;
  struct State;
  std::unique_ptr<State> state_;
};

// Deeper nesting than this is refused like a syntax error, so that no reader of a document can overflow its stack.
inline constexpr std::size_t kMaxJsonDepth = 512;

// Parses a whole text. Refuses invalid UTF-8, unpaired surrogates, nesting beyond kMaxJsonDepth and trailing bytes.
Result<JsonDocument, JsonSyntaxError> parse_json(std::string_view text, JsonSyntax syntax = JsonSyntax::Strict);

// The compact text of a value, members in their order; "null" for Missing. Numbers keep their value, not their
// spelling.
std::string to_text(Json json);
void append_text(Json json, std::string& out);

// Deep equality; the order of members does not matter, 1 equals 1.0, repeated keys compare by their first.
bool equal(Json a, Json b);

// RFC 7396: `patch` laid over `base`. A null in the patch removes the member.
JsonDocument merge_patch(Json base, Json patch);

// A deep copy of `json` that owns itself.
JsonDocument copy_of(Json json);

// Where in `text` something is, for messages about files. Lines and columns count from 1, columns in bytes.
struct TextPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};
TextPlace place_of_offset(std::string_view text, std::size_t offset);
// The place of the member or element that `pointer` names (for a member: its key). Nothing when it is not there.
std::optional<TextPlace> place_of_pointer(std::string_view text, std::string_view pointer);

// `key` as one step of a JSON pointer, with ~ and / escaped.
std::string pointer_step(std::string_view key);

}  // namespace mimus
