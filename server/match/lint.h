// Finds what is wrong with fixtures before a test does: everything the reader refuses, and what it cannot see in one
// fixture alone: names given twice, fixtures that another always comes before, conditions that never hold together.
#pragma once

#include <string>
#include <vector>

#include "server/match/fixture_files.h"
#include "server/match/vocabulary.h"

namespace mimus::server {

struct Finding {
  std::string where;  // "weather.json:12:5: /fixtures/3/when/turn"
  std::string message;
};

struct LintResult {
  std::vector<Finding> findings;  // in the order of the files; at most kMostFindings
  std::size_t fixtures = 0;       // how many were read
  std::size_t left_out = 0;       // findings beyond the most
};

inline constexpr std::size_t kMostFindings = 200;

// Reads the files and judges their fixtures as one set, as the server would load them.
LintResult lint(const std::vector<FileStamp>& files, const Vocabulary& vocabulary);

}  // namespace mimus::server
