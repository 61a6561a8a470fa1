#include "conformance/outcome.h"

namespace mimus::conformance {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::Must:
      return "must";
    case Level::Should:
      return "should";
    case Level::May:
      return "may";
  }
  return "";
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass:
      return "pass";
    case Verdict::Fail:
      return "fail";
    case Verdict::Warn:
      return "warn";
    case Verdict::Info:
      return "info";
    case Verdict::Skip:
      return "skip";
    case Verdict::Inconclusive:
      return "inconclusive";
    case Verdict::Error:
      return "error";
  }
  return "";
}

}  // namespace mimus::conformance
