// Finds the endpoint for a method and a path. Built once, then immutable and thread-safe.
// Patterns are those of the dialects: literal segments and placeholders, which may have literal text around them
// ("/v1beta/models/{model}:generateContent"). Segments are percent-decoded after splitting, so an id may hold a '/'.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/result.h"
#include "server/endpoints/endpoint.h"

namespace mimus::server {

// Where one dialect's endpoints are mounted: prefix "" (native paths) or "/NAME".
struct Mount {
  std::string prefix;
  const Dialect* dialect = nullptr;
};

struct RouteMatch {
  const Dialect* dialect = nullptr;                              // whose error shape applies; never null
  const Endpoint* endpoint = nullptr;                            // null: no such path, or not with this method
  Answer answer = nullptr;                                       // set together with endpoint
  std::vector<std::pair<std::string_view, std::string>> values;  // of the placeholders, decoded
  std::vector<std::string_view> allowed;  // the methods of this path, when only the method was wrong
};

class Router {
 public:
  // The mounts in order of preference. Errc::BadInput: an endpoint names an operation that no code answers.
  static Result<Router> create(std::vector<Mount> mounts);

  // HEAD is routed like GET.
  [[nodiscard]] RouteMatch find(std::string_view method, std::string_view path) const;

 private:
  struct Segment {
    std::string prefix;  // literal text before the placeholder, or the whole literal segment
    std::string name;    // of the placeholder; empty for a literal segment
    std::string suffix;
  };
  struct Target {
    std::string_view method;
    const Dialect* dialect = nullptr;
    const Endpoint* endpoint = nullptr;
    Answer answer = nullptr;
  };
  struct Pattern {
    std::vector<Segment> segments;
    std::vector<Target> targets;
  };

  static std::vector<Segment> segments_of(std::string_view pattern);
  static bool matches(const Pattern& pattern, const std::vector<std::string>& segments, RouteMatch& match);
  static bool choose(const std::vector<Target>& targets, std::string_view method, RouteMatch& match);
  [[nodiscard]] const Dialect* dialect_of(std::string_view path) const;

  std::vector<Mount> mounts_;
  std::map<std::string, std::vector<Target>, std::less<>> literal_;
  std::vector<Pattern> patterns_;
};

}  // namespace mimus::server
