#include "src/cli/commands.h"

int main(int argc, char** argv) {
  return midwatch::cli::run(argc, argv);
}
