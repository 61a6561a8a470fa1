// Source: proc(5). /proc/PID/stat: the name in parentheses may hold anything, so fields are counted from the last ')'.
#include "benchmarks/load/process_usage.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace mimus::load {
namespace {

constexpr int kFieldsBeforeUserTime = 11;  // state to cmajflt

std::string read_all(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

std::optional<ProcessUsage> find_process_usage(int pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::string status = read_all(folder + "/status");
  const std::string stat = read_all(folder + "/stat");
  const std::size_t resident = status.find("VmRSS:");
  const std::size_t fields = stat.rfind(')');
  if (resident == std::string::npos || fields == std::string::npos) return std::nullopt;

  ProcessUsage usage;
  usage.resident_bytes = std::stoll(status.substr(resident + 6)) * 1024;
  std::istringstream rest(stat.substr(fields + 1));
  std::string passed;
  for (int i = 0; i < kFieldsBeforeUserTime; ++i) rest >> passed;
  std::int64_t user = 0;
  std::int64_t system = 0;
  rest >> user >> system;
  usage.cpu = std::chrono::milliseconds((user + system) * 1000 / sysconf(_SC_CLK_TCK));
  return usage;
}

}  // namespace mimus::load
