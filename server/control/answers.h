// The functions behind the routes of the control API, each in the file named after it.
#pragma once

#include "server/control/desk.h"

namespace mimus::server {

// fixtures_answers.cc
Delivery list_fixtures(const ControlRequest& request, const ControlDesk& desk);
Delivery show_fixture(const ControlRequest& request, const ControlDesk& desk);
Delivery add_fixtures(const ControlRequest& request, const ControlDesk& desk);
Delivery replace_fixtures(const ControlRequest& request, const ControlDesk& desk);
Delivery delete_fixture(const ControlRequest& request, const ControlDesk& desk);
Delivery delete_fixtures(const ControlRequest& request, const ControlDesk& desk);
Delivery list_unused(const ControlRequest& request, const ControlDesk& desk);

// journal_answers.cc
Delivery list_journal(const ControlRequest& request, const ControlDesk& desk);
Delivery show_entry(const ControlRequest& request, const ControlDesk& desk);
Delivery clear_journal(const ControlRequest& request, const ControlDesk& desk);
Delivery tail_journal(const ControlRequest& request, const ControlDesk& desk);

// verify_answer.cc, reset_answer.cc, clock_answers.cc, limits_answer.cc, metrics_answer.cc
Delivery verify(const ControlRequest& request, const ControlDesk& desk);
Delivery reset(const ControlRequest& request, const ControlDesk& desk);
Delivery show_clock(const ControlRequest& request, const ControlDesk& desk);
Delivery set_clock(const ControlRequest& request, const ControlDesk& desk);
Delivery show_limits(const ControlRequest& request, const ControlDesk& desk);
Delivery show_metrics(const ControlRequest& request, const ControlDesk& desk);

}  // namespace mimus::server
