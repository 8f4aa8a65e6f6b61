#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "src/connectors/connector.h"

/// What every connector must hold to, as tests that any connector can run (docs/writing-a-connector.md).
namespace midwatch::connectors::contract {

using Connect = std::function<base::Result<std::unique_ptr<Connector>>(const runtime::RequestContext&)>;

/// Where a fault has to show.
enum class Shows {
  kWhenConnecting,  ///< connecting fails with `code`
  kWhenReading,     ///< every reading fails with `code`
  kAsGap,           ///< readings go on, and at least one tells a gap
};

/// A source that is broken in one way.
struct Fault {
  std::string name;
  Shows shows = Shows::kWhenReading;
  base::ErrorCode code = base::ErrorCode::kInternal;  ///< of no meaning for kAsGap
  Connect connect;
};

/// The sources that a connector is tried on. The maker of a connector writes one of these.
class Subject {
 public:
  virtual ~Subject() = default;

  /// Holds at least two records of each signal that the connector has, in both episodes.
  virtual Connect full() = 0;
  /// Was looked into for everything and holds nothing.
  virtual Connect empty() = 0;
  /// Nobody ever recorded anything there.
  virtual Connect absent() = 0;
  /// Holds so much of each signal that reading it asks the context at least kLeastChecks times.
  virtual Connect large() = 0;
  virtual std::vector<Fault> faults() = 0;

  static constexpr int kLeastChecks = 6;
};

/// One connector in one form; `name` becomes part of the test's name.
struct Case {
  std::string name;
  std::function<std::unique_ptr<Subject>()> make;

  friend std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }
};

/// The suite: INSTANTIATE_TEST_SUITE_P(MyConnector, ConnectorContract, testing::Values(Case{…}), case_name);
class ConnectorContract : public ::testing::TestWithParam<Case> {
 protected:
  ConnectorContract() : subject(GetParam().make()) {}

  std::unique_ptr<Subject> subject;
};

inline std::string case_name(const ::testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

}  // namespace midwatch::connectors::contract
