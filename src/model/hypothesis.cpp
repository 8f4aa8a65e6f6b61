#include "src/model/hypothesis.h"

namespace midwatch::model {

std::string_view to_string(HypothesisStatus status) {
  switch (status) {
    case HypothesisStatus::kSupported:
      return "supported";
    case HypothesisStatus::kOpen:
      return "open";
    case HypothesisStatus::kRefuted:
      return "refuted";
  }
  return "open";
}

}  // namespace midwatch::model
