// How each format tells of a gateway and its upstream: whose each fault is, and what differs on the wire. Empty texts
// where there was no upstream.
#pragma once

#include <string>

#include "api/json_writer.h"
#include "conformance/report/report.h"

namespace mimus::conformance {

// One sentence: "Against its upstream: 2 of the gateway's own, 1 inherited."
std::string transparency_closing(const Transparency& transparency);

std::string transparency_console(const Report& report);
std::string transparency_markdown(const Report& report);
std::string transparency_html(const Report& report);
void write_transparency(JsonWriter& json, const Report& report);  // the member "transparency", or nothing

// "w, x and 3 more"
std::string listed(const std::vector<std::string>& names);

}  // namespace mimus::conformance
