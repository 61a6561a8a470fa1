// For tests: compares bytes with a file below fixtures/golden, or writes the file where MIMUS_UPDATE_GOLDEN is set.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace mimus::server {

inline void expect_golden(const std::string& name, const std::string& bytes) {
  const std::filesystem::path file = std::filesystem::path(MIMUS_SOURCE_DIR) / "fixtures/golden" / name;
  if (std::getenv("MIMUS_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
  std::ifstream in(file, std::ios::binary);
  ASSERT_TRUE(in) << file << " is missing: run the tests once with MIMUS_UPDATE_GOLDEN=1 and review it";
  EXPECT_EQ(bytes, std::string(std::istreambuf_iterator<char>(in), {})) << "differs from " << file;
}

}  // namespace mimus::server
