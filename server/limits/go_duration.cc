#include "server/limits/go_duration.h"

#include <cstdint>

namespace mimus::server {
namespace {

// "16.298" for 16298 ms; "16" for 16000.
std::string seconds_text(std::int64_t milliseconds) {
  std::string text = std::to_string(milliseconds / 1000);
  std::int64_t fraction = milliseconds % 1000;
  if (fraction == 0) return text;
  std::string digits = std::to_string(1000 + fraction).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + '.' + digits;
}

}  // namespace

std::string go_duration(Duration duration) {
  const std::int64_t microseconds = duration.count();
  if (microseconds <= 0) return "0s";
  const std::int64_t total = microseconds / 1000 + (microseconds % 1000 >= 500 ? 1 : 0);
  if (total == 0) return "0s";
  if (total < 1000) return std::to_string(total) + "ms";
  const std::int64_t hours = total / 3'600'000;
  const std::int64_t minutes = total / 60'000 % 60;
  std::string text;
  if (hours > 0) text += std::to_string(hours) + 'h';
  if (hours > 0 || minutes > 0) text += std::to_string(minutes) + 'm';
  return text + seconds_text(total % 60'000) + 's';
}

}  // namespace mimus::server
