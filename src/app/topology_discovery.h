#pragma once

#include <string>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/clients/aws/api/api.h"
#include "src/connectors/aws/surveyor.h"
#include "src/report/topology_view.h"

namespace midwatch::app {

/// What `midwatch topology` shows of what it found.
struct TopologyWanted {
  std::string entity;  ///< only what is around it; empty: everything
  int steps = 3;       ///< how far from it
};

/// What exists in an account. Errors: those of connectors::aws::survey; kNotFound: nothing is known by the
/// name of the entity.
base::Result<report::TopologyView> discover_account(const TopologyWanted& wanted,
                                                    connectors::aws::SurveyOptions options,
                                                    clients::aws::api::Api& api, const base::Clock& clock);

/// The topology that the records of a bundle tell, calls between traced services included. Errors: the bundle
/// cannot be read; kNotFound as above.
base::Result<report::TopologyView> topology_of_bundle(const TopologyWanted& wanted, const std::string& bundle,
                                                      const base::Clock& clock);

}  // namespace midwatch::app
