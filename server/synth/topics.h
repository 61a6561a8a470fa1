// The words of a prompt that a reply may come back to. Pure and thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace mimus::server {

inline constexpr std::size_t kMaxTopics = 6;

// Views into the prompt, in its order, none twice.
class Topics {
 public:
  Topics() = default;
  // The telling words of `text`: at least four bytes, no everyday words such as "please" or "which". Looks at the
  // first 600 bytes. Where there are none, any words; a script without spaces gives the start of a run.
  explicit Topics(std::string_view text);

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string_view operator[](std::size_t i) const { return words_[i]; }
  [[nodiscard]] const std::string_view* begin() const { return words_.data(); }
  [[nodiscard]] const std::string_view* end() const { return words_.data() + count_; }

 private:
  void collect(std::string_view text, bool picky);
  void add(std::string_view word);

  std::array<std::string_view, kMaxTopics> words_;
  std::size_t count_ = 0;
};

// The next word of `text` (letters, digits inside it, and ideographs), which is cut off its front; empty at the end.
std::string_view take_word(std::string_view& text);

// ASCII letters compare without case.
bool same_word(std::string_view a, std::string_view b);

// Too common to tell what a text is about.
bool is_everyday_word(std::string_view word);

}  // namespace mimus::server
