// The descriptors of a process with thousands of connections.
#pragma once

#include <cstddef>

namespace mimus {

// Raises the limit of open descriptors as far as the system allows, and makes the process's table of them large enough
// for `connections` and what else it opens. Returns the limit. Best effort: a server that gets less pauses accepting.
//
// Linux doubles that table as it fills, and while a process has threads each time waits until all processors have let
// go of the old one (expand_fdtable() calls synchronize_rcu()): accept() hangs for 10 to 20 ms at 256, 512, 1024, ...
// connections. So call this while the process has one thread; later it costs one such wait, a second call nothing.
std::size_t reserve_descriptors(std::size_t connections);

}  // namespace mimus
