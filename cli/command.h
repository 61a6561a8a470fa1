// How the subcommands fit into the program: each adds itself to the CLI11 app and leaves its exit code.
// Exit codes: 0 all is well, 1 a check failed, 2 wrong usage, 3 could not do it (unreachable, broken input file).
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "api/result.h"

namespace mimus::cli {

inline constexpr int kExitUsage = 2;
inline constexpr int kExitCannot = 3;

// Prints "mimus: WHERE: MESSAGE" on stderr and gives the exit code for it.
int report_error(const Error& error);

// The environment twin of a flag: "--api-key" -> "MIMUS_API_KEY".
std::string environment_name(const std::string& flag);

// Gives every option of the command its environment twin. To be called when all options are there.
void add_environment_twins(CLI::App& command);

}  // namespace mimus::cli
