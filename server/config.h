// How a server is to behave, as values: what the command line fills in. Small groups, each handed to the part that
// needs it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/clock.h"
#include "server/delivery_filter.h"
#include "server/journal/journal.h"
#include "server/limits/limits.h"
#include "server/log.h"
#include "server/pace/pace.h"
#include "server/record/relay.h"
#include "server/state/capped_store.h"

namespace mimus::server {

// The control API (/_mimus/), and what it can tell about.
struct ControlOptions {
  bool is_on = true;  // off: its paths are unknown URLs like any other, and no journal is kept
  std::string token;  // not empty: asked of every call but health and ready
  JournalCaps journal;
  bool watches = false;  // fixture files are loaded again when they change
};

struct AppOptions {
  std::vector<std::string> dialects = {"openai"};  // names or files; the first one is at home at the native paths
  std::vector<std::string> api_keys;               // empty: any key that is not empty
  std::uint64_t seed = 0;
  std::optional<WallTime> frozen_at;  // the clock stands still there; else it is the machine's
  Pace pace;
  StoreCaps state;  // of each kind: files, stored replies ...
  LimitOptions limits;
  std::vector<std::string> fixtures;  // files and folders
  bool strict = false;                // refuse what no fixture matches
  bool show_prompts = false;          // in what is said about a miss
  ControlOptions control;
  RecordOptions record;
  std::shared_ptr<const DeliveryFilter> filter;  // the last to change a reply; may be null
};

struct LogOptions {
  LogLevel level = LogLevel::Info;
  LogFormat format = LogFormat::Text;
};

}  // namespace mimus::server
