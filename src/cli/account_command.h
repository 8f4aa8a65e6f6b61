#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch user` and `midwatch token`: who may come in.
void add_accounts(CLI::App& app, int& status);

}  // namespace midwatch::cli
