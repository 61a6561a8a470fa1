#include "cli/version.h"

#include <rapidjson/rapidjson.h>
#include <CLI/Version.hpp>

namespace mimus::cli {

std::string version_text() {
  return "mimus " MIMUS_VERSION " (commit " MIMUS_COMMIT ")\nRapidJSON " RAPIDJSON_VERSION_STRING
         ", CLI11 " CLI11_VERSION "\n";
}

}  // namespace mimus::cli
