#include "cli/version.h"

#include <httplib.h>
#include <openssl/opensslv.h>
#include <png.h>
#include <rapidjson/rapidjson.h>
#include <spdlog/version.h>

#include <CLI/Version.hpp>

#define MIMUS_TEXT_OF(value) #value
#define MIMUS_TEXT(macro) MIMUS_TEXT_OF(macro)

namespace mimus::cli {

std::string version_text() {
  return "mimus " MIMUS_VERSION " (commit " MIMUS_COMMIT
         ")\n"
         "cpp-httplib " CPPHTTPLIB_VERSION ", RapidJSON " RAPIDJSON_VERSION_STRING ", CLI11 " CLI11_VERSION
         ", libpng " PNG_LIBPNG_VER_STRING ", spdlog " MIMUS_TEXT(SPDLOG_VER_MAJOR) "." MIMUS_TEXT(
             SPDLOG_VER_MINOR) "." MIMUS_TEXT(SPDLOG_VER_PATCH) ", " OPENSSL_VERSION_TEXT;
}

}  // namespace mimus::cli
