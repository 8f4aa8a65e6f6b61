#include "src/model/investigation_record.h"

namespace midwatch::model {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kRootCause:
      return "root_cause";
    case Outcome::kNothingWrong:
      return "nothing_wrong";
    case Outcome::kInconclusive:
      return "inconclusive";
  }
  return "inconclusive";
}

}  // namespace midwatch::model
