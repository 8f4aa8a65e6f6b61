#include "src/model/mitigation.h"

namespace midwatch::model {

std::string_view to_string(MitigationPhase phase) {
  switch (phase) {
    case MitigationPhase::kPrepare:
      return "prepare";
    case MitigationPhase::kPreValidate:
      return "pre_validate";
    case MitigationPhase::kApply:
      return "apply";
    case MitigationPhase::kPostValidate:
      return "post_validate";
    case MitigationPhase::kRollback:
      return "rollback";
  }
  return "prepare";
}

}  // namespace midwatch::model
