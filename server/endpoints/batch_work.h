// What a batch needs of the server: its requests answered by the endpoints of the same dialect, as if each had come by
// itself, and a place for its files. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/endpoints/endpoint.h"
#include "server/state/batch.h"

namespace mimus::server {

// The paths that a batch may be made of, as this dialect has them: "/v1/chat/completions".
std::vector<std::string> batch_endpoints(const Dialect& dialect);

// The work of `batch`, for the exchange that moves it on, which it must not outlive. Requests come with the key, host
// and test (x-mimus-test) of that exchange, and without limits of rate: a batch has its own at the real API. What is
// due late is there at once. A reply that is cut or hangs counts as a 500; one that is not JSON is shown as a string.
BatchWork batch_work(const Exchange& exchange, const Services& services, const BatchInfo& batch);

}  // namespace mimus::server
