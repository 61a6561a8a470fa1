// Reads one scripted reply of a fixture.
#pragma once

#include <string>

#include "api/json.h"
#include "api/result.h"
#include "server/match/fixture.h"
#include "server/match/vocabulary.h"

namespace mimus::server {

// `where` is the pointer of `json`, with which errors begin.
Result<ScriptedReply> read_reply(Json json, const std::string& where, const Vocabulary& vocabulary);

}  // namespace mimus::server
