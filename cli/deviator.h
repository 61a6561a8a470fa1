// The deviations of `mimus check`, committed by `mimus serve`: joins the checker's data to the server's deliveries.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/result.h"
#include "conformance/selfcheck/deviation.h"
#include "server/delivery_filter.h"

namespace mimus::cli {

class Deviator final : public server::DeliveryFilter {
 public:
  // `always` are committed on every reply that they are about. Errors: one of them is not known.
  static Result<std::shared_ptr<const Deviator>> create(const std::vector<std::string>& always);

  [[nodiscard]] std::vector<std::string> names() const override { return conformance::deviation_names(); }
  [[nodiscard]] bool is_always_on() const override { return !always_.empty(); }
  [[nodiscard]] server::Delivery apply(const server::HttpRequest& http, const std::vector<std::string>& asked,
                                       server::Delivery delivery) const override;

 private:
  using Deviations = std::vector<conformance::Deviation>;
  std::shared_ptr<const Deviations> find(const std::string& name) const;

  Deviations always_;
  mutable std::mutex lock_;  // of what directives have asked for so far
  mutable std::map<std::string, std::shared_ptr<const Deviations>> asked_;
};

}  // namespace mimus::cli
