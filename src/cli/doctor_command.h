#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch doctor`; `status` becomes the exit status when it ran.
void add_doctor(CLI::App& app, int& status);

}  // namespace midwatch::cli
