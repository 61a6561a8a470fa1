// Result<T, E>: either a value or an error, for everything that can fail. mimus throws nothing.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace mimus {

enum class Errc {
  Io,           // a file or socket could not be read or written
  BadInput,     // what was given is not what it should be
  Unavailable,  // the other side does not answer
};

// What mimus could not do, for people: "WHERE: MESSAGE", where the message tells expectation and finding.
struct Error {
  Errc code = Errc::BadInput;
  std::string message;  // "expected an object, found \"12\""
  std::string where;    // "weather.json:12:3: /fixtures/0/reply"; may be empty

  // The same error, seen from one level further out: `outer` stands before the place.
  [[nodiscard]] Error in(const std::string& outer) const {
    return {code, message, where.empty() ? outer : outer + ":" + where};
  }
  [[nodiscard]] std::string text() const { return where.empty() ? message : where + ": " + message; }
};

template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  Result(T&& value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(const T& value) : state_(std::in_place_index<0>, value) {}        // NOLINT: implicit on purpose
  Result(E&& error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose
  Result(const E& error) : state_(std::in_place_index<1>, error) {}        // NOLINT: implicit on purpose

  explicit operator bool() const { return state_.index() == 0; }

  // Only after asking: value() of an error and error() of a value are bugs.
  T& operator*() & { return get(); }
  const T& operator*() const& { return get(); }
  T&& operator*() && { return std::move(get()); }
  T* operator->() { return &get(); }
  const T* operator->() const { return &get(); }
  [[nodiscard]] const E& error() const {
    assert(state_.index() == 1 && "error() of a Result that holds a value");
    return std::get<1>(state_);
  }

 private:
  T& get() {
    assert(state_.index() == 0 && "value of a Result that holds an error");
    return std::get<0>(state_);
  }
  const T& get() const {
    assert(state_.index() == 0 && "value of a Result that holds an error");
    return std::get<0>(state_);
  }

  std::variant<T, E> state_;
};

struct Done {};  // the value of a Result that only tells success

}  // namespace mimus
