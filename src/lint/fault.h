#pragma once

#include <string>

namespace midwatch::lint {

/// Something in a file of the knowledge that has to be put right.
struct Fault {
  std::string file;  ///< relative to knowledge/
  int line = 0;
  std::string what;  ///< what is wrong and what to do
};

}  // namespace midwatch::lint
