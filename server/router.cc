#include "server/router.h"

#include <algorithm>

#include "server/percent.h"

namespace mimus::server {
namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    parts.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

Answer answer_of(std::string_view operation) {
  for (const EndpointRow& row : all_endpoints()) {
    if (row.operation == operation) return row.answer;
  }
  return nullptr;
}

}  // namespace

Result<Router> Router::create(std::vector<Mount> mounts) {
  Router router;
  for (const Mount& mount : mounts) {
    for (const Endpoint& endpoint : mount.dialect->endpoints) {
      const Answer answer = answer_of(endpoint.operation);
      if (answer == nullptr) {
        return Error{Errc::BadInput, "no endpoint is called \"" + endpoint.operation + "\"",
                     mount.dialect->name + ": endpoints"};
      }
      const Target target{endpoint.method, mount.dialect, &endpoint, answer};
      const std::string path = mount.prefix + endpoint.path;
      if (path.find('{') == std::string::npos) {
        router.literal_[path].push_back(target);
        continue;
      }
      router.patterns_.push_back({segments_of(path), {target}});
    }
  }
  router.mounts_ = std::move(mounts);
  return router;
}

std::vector<Router::Segment> Router::segments_of(std::string_view pattern) {
  std::vector<Segment> segments;
  for (const std::string_view part : split(pattern)) {
    const std::size_t open = part.find('{');
    const std::size_t close = part.find('}');
    if (open == std::string_view::npos || close == std::string_view::npos) {
      segments.push_back({std::string(part), {}, {}});
    } else {
      segments.push_back({std::string(part.substr(0, open)), std::string(part.substr(open + 1, close - open - 1)),
                          std::string(part.substr(close + 1))});
    }
  }
  return segments;
}

bool Router::matches(const Pattern& pattern, const std::vector<std::string>& segments, RouteMatch& match) {
  if (pattern.segments.size() != segments.size()) return false;
  std::vector<std::pair<std::string_view, std::string>> values;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& expected = pattern.segments[i];
    const std::string& found = segments[i];
    if (expected.name.empty()) {
      if (found != expected.prefix) return false;
      continue;
    }
    const std::size_t literal = expected.prefix.size() + expected.suffix.size();
    if (found.size() <= literal || !found.starts_with(expected.prefix) || !found.ends_with(expected.suffix))
      return false;
    values.emplace_back(expected.name, found.substr(expected.prefix.size(), found.size() - literal));
  }
  match.values = std::move(values);
  return true;
}

bool Router::choose(const std::vector<Target>& targets, std::string_view method, RouteMatch& match) {
  for (const Target& target : targets) {
    if (target.method != method) {
      match.allowed.push_back(target.method);
      continue;
    }
    match.dialect = target.dialect;
    match.endpoint = target.endpoint;
    match.answer = target.answer;
    match.allowed.clear();  // of other patterns that the path has as well
    return true;
  }
  return false;
}

const Dialect* Router::dialect_of(std::string_view path) const {
  for (const Mount& mount : mounts_) {
    if (!mount.prefix.empty() && path.starts_with(mount.prefix + "/")) return mount.dialect;
  }
  return mounts_.front().dialect;
}

RouteMatch Router::find(std::string_view method, std::string_view path) const {
  if (method == "HEAD") method = "GET";
  RouteMatch match;
  if (const auto literal = literal_.find(path); literal != literal_.end()) {
    if (choose(literal->second, method, match)) return match;
    match.dialect = literal->second.front().dialect;
    return match;
  }
  std::vector<std::string> segments;
  for (const std::string_view part : split(path)) segments.push_back(percent_decoded(part));
  const Dialect* dialect = dialect_of(path);
  for (const Pattern& pattern : patterns_) {
    if (!matches(pattern, segments, match)) continue;
    if (choose(pattern.targets, method, match)) return match;
    dialect = pattern.targets.front().dialect;
  }
  match.dialect = dialect;
  return match;
}

}  // namespace mimus::server
