#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>

#include "src/clients/aws/api/api.h"

namespace midwatch::app {

/// What one call costs at AWS's list prices, from its request and its answer; 0 where AWS asks nothing for
/// it.
///
/// Units:  US dollars. Source: the pricing pages of CloudWatch, X-Ray, Secrets Manager, RDS, SQS and SNS for
///         us-east-1, without free tiers and volume discounts, as of November 2025.
double price_of(const clients::aws::api::ApiRequest& request, const base::Json& answer);

/// Counts what passes to another client, and what that costs. Threads: any number at once.
class MeteredApi final : public clients::aws::api::Api {
 public:
  explicit MeteredApi(clients::aws::api::Api& inner) : inner_(inner) {}

  base::Result<base::Json> call(const runtime::RequestContext& context,
                                const clients::aws::api::ApiRequest& request) override;
  base::Result<clients::aws::api::CodePackage> fetch_code(
      const runtime::RequestContext& context, const clients::aws::api::ApiRequest& request) override;

  std::size_t calls() const { return calls_; }
  double dollars() const;

 private:
  clients::aws::api::Api& inner_;
  std::atomic<std::size_t> calls_ = 0;
  mutable std::mutex mutex_;
  double dollars_ = 0;
};

}  // namespace midwatch::app
