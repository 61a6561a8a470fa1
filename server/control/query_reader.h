// Reads the query of a control request as strictly as ObjectReader reads an object: an unknown or repeated parameter
// is an error, so that a misspelt filter does not pass for none. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/result.h"

namespace mimus::server {

class QueryReader {
 public:
  explicit QueryReader(std::string_view query);

  std::optional<std::string> text(std::string_view name);
  std::uint64_t integer(std::string_view name, std::uint64_t fallback, std::uint64_t min, std::uint64_t max);
  // One of `allowed`, as its index; 0 when absent.
  std::size_t one_of(std::string_view name, const std::vector<std::string_view>& allowed);

  void fail(std::string_view name, std::string message);
  // To be called last: the first error, or one for a parameter that nobody asked for.
  Result<Done> finish();

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace mimus::server
