#include "src/cli/account_command.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "src/app/watch/sandbox_worlds.h"
#include "src/app/watch/serve_config.h"
#include "src/app/watch/store_opening.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/cli/commands.h"
#include "src/cli/terminal.h"
#include "src/identity/tokens.h"
#include "src/identity/users.h"

namespace midwatch::cli {
namespace {

constexpr std::size_t kShownBytes = 60;

struct Options {
  std::string config;
  std::string store;
  std::string name;
  std::vector<std::string> grants;
  std::string until;
  bool enable = false;
  bool own = false;

  identity::ChosenBy chosen_by() const {
    return own ? identity::ChosenBy::kThemselves : identity::ChosenBy::kSomebodyElse;
  }
};

/// The store of a configuration, and who works on it.
struct Desk {
  app::ServeConfig config;
  std::unique_ptr<store::Store> store;
  base::SystemClock clock;

  identity::Author author() const {
    const char* login = getlogin();
    return {fmt::format("cli/{}", login != nullptr ? login : fmt::to_string(getuid())), clock.now()};
  }
};

base::Result<Desk> open_desk(const Options& options) {
  Desk desk;
  if (!options.config.empty()) {
    MIDWATCH_TRY(desk.config, app::load_serve_config(options.config));
  }
  if (!options.store.empty()) desk.config.store = options.store;
  MIDWATCH_TRY(desk.store, app::open_store(desk.config.store));
  return desk;
}

/// SPACE=ROLE, each space once and one that the configuration has.
base::Result<std::vector<model::Grant>> grants_of(const Options& options, const app::ServeConfig& config) {
  std::vector<model::Grant> grants;
  for (const std::string& text : options.grants) {
    const std::size_t equals = text.find('=');
    const std::string space = text.substr(0, equals);
    const auto role = equals == std::string::npos ? std::nullopt : model::role_of(text.substr(equals + 1));
    const auto refused = [&](std::string_view what) {
      return base::user_error(base::ErrorCode::kInvalidArgument,
                              fmt::format("--grant {}: {}", base::printable(text, kShownBytes), what));
    };
    if (!role)
      return refused("write SPACE=ROLE with the role viewer, operator or admin, for example shop=operator");
    const bool known = space == model::kEverySpace || (config.sandbox && space == app::kSandboxSpace) ||
                       std::any_of(config.spaces.begin(), config.spaces.end(),
                                   [&](const app::SpaceConfig& one) { return one.name == space; });
    if (!known) return refused("the configuration has no such space; * stands for every one");
    if (std::any_of(grants.begin(), grants.end(), [&](const auto& grant) { return grant.space == space; }))
      return refused("the space was given before");
    grants.push_back({space, *role});
  }
  return grants;
}

/// Standard input without what it echoes, for as long as this lives.
class Silence {
 public:
  Silence() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~Silence() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

base::Result<std::string> ask(const char* prompt) {
  fmt::print(stderr, "{}: ", prompt);
  std::string line;
  const Silence silence;
  const bool read = static_cast<bool>(std::getline(std::cin, line));
  fmt::print(stderr, "\n");
  if (read) return line;
  return base::user_error(base::ErrorCode::kInvalidArgument, "no password was given");
}

/// From the terminal, twice and unseen; else one line of standard input. Never from the arguments, which
/// every process of the machine can read.
base::Result<std::string> new_password() {
  if (isatty(STDIN_FILENO) == 0) {
    std::string line;
    if (std::getline(std::cin, line)) return line;
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            "no password was given: write it to standard input, in one line");
  }
  MIDWATCH_TRY(std::string password, ask("password"));
  MIDWATCH_TRY(const std::string again, ask("once more"));
  if (password == again) return password;
  return base::user_error(base::ErrorCode::kInvalidArgument, "that was not the same password twice");
}

std::string grants_text(const std::vector<model::Grant>& grants) {
  std::string text;
  for (const auto& grant : grants)
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", grant.space, to_string(grant.role));
  return text.empty() ? "-" : text;
}

base::Result<> add(Desk& desk, const Options& options) {
  MIDWATCH_TRY(const auto grants, grants_of(options, desk.config));
  MIDWATCH_TRY(const std::string password, new_password());
  return identity::add_user(*desk.store, identity::Passwords(), desk.author(), options.name, grants, password,
                            options.chosen_by());
}

base::Result<> grant(Desk& desk, const Options& options) {
  MIDWATCH_TRY(const auto grants, grants_of(options, desk.config));
  return identity::set_grants(*desk.store, desk.author(), options.name, grants);
}

base::Result<> set_password(Desk& desk, const Options& options) {
  MIDWATCH_TRY(const std::string password, new_password());
  return identity::set_password(*desk.store, identity::Passwords(), desk.author(), options.name, password,
                                options.chosen_by());
}

base::Result<> disable(Desk& desk, const Options& options) {
  return identity::set_disabled(*desk.store, desk.author(), options.name, !options.enable);
}

base::Result<> list(Desk& desk, const Options&) {
  MIDWATCH_TRY(const auto users, identity::list_users(*desk.store));
  for (const auto& user : users)
    fmt::print("{}\t{}\t{}\n", user.name, user.disabled ? "disabled" : "enabled", grants_text(user.grants));
  return {};
}

int print_token_pair() {
  const auto token = identity::make_token();
  if (!token) return tell(token.error());
  fmt::print("token:  {}\nsha256: {}\n", token->token, token->sha256);
  return kReached;
}

base::Result<> create_token(Desk& desk, const Options& options) {
  MIDWATCH_TRY(const auto grants, grants_of(options, desk.config));
  std::optional<base::Timestamp> until;
  if (!options.until.empty()) {
    until = base::parse_rfc3339(options.until);
    if (!until)
      return base::user_error(base::ErrorCode::kInvalidArgument,
                              "--until needs a time such as 2026-12-31T00:00:00Z");
  }
  base::Uuid7Generator ids(desk.clock);
  identity::CreatedToken created;
  const identity::Author author = desk.author();
  const auto make = [&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(created, identity::create_token(session, ids, author, options.name, grants, until));
    return session.audit(
        identity::audit_line(author, "createToken", created.kept.id, identity::grants_json(grants)));
  };
  MIDWATCH_TRY_VOID(desk.store->write(make));
  fmt::print("id:    {}\ntoken: {}\n", created.kept.id, created.token);
  return {};
}

base::Result<> list_tokens(Desk& desk, const Options&) {
  std::vector<store::ApiToken> tokens;
  MIDWATCH_TRY_VOID(desk.store->read([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(tokens, session.tokens());
    return {};
  }));
  const base::Timestamp now = desk.clock.now();
  for (const auto& token : tokens) {
    const std::string until = token.until ? base::format_rfc3339(*token.until) : "-";
    const bool over = token.until && *token.until <= now;
    fmt::print("{}\t{}\t{}\t{}\t{}\n", token.id, token.name,
               token.revoked ? "revoked" : (over ? "ended" : "valid"), until, grants_text(token.grants));
  }
  return {};
}

base::Result<> revoke_token(Desk& desk, const Options& options) {
  const identity::Author author = desk.author();
  return desk.store->write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.revoke_token(options.name, author.now));
    return session.audit(identity::audit_line(author, "revokeToken", options.name, base::Json::object()));
  });
}

using Act = base::Result<> (*)(Desk& desk, const Options& options);

int act(Act what, const Options& options) {
  auto desk = open_desk(options);
  if (!desk) return tell(desk.error());
  if (const auto done = what(*desk, options); !done) return tell(done.error());
  return kReached;
}

/// A command of the group that acts on the store; `named` says what its argument is, empty: it has none.
CLI::App* add_act(CLI::App& group, int& status, const std::shared_ptr<Options>& options, const char* name,
                  const char* what, const char* named, Act does) {
  CLI::App* command = group.add_subcommand(name, what);
  command->add_option("--config", options->config, "the configuration file of the server");
  command->add_option("--store", options->store, "the store (default: that of the configuration)");
  if (*named != '\0') command->add_option("name", options->name, named)->required();
  command->callback([options, &status, does] { status = act(does, *options); });
  return command;
}

void add_grants(CLI::App* command, const std::shared_ptr<Options>& options, bool required) {
  command
      ->add_option("--grant", options->grants,
                   "SPACE=ROLE: viewer, operator or admin in a space (* for every one); may be repeated")
      ->required(required);
}

void add_own(CLI::App* command, const std::shared_ptr<Options>& options) {
  command->add_flag("--own", options->own, "the password is your own and need not be changed");
}

void add_users(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* group = app.add_subcommand("user", "Who may sign in to the page with a password");
  group->require_subcommand(1);
  group->footer(
      "Works on the store of the server, also while it runs. A password is asked for on the terminal, or "
      "read\n"
      "from standard input; it is never an argument. Whoever it is for must change it at the next sign-in,\n"
      "but where it is --own.\n"
      "Examples:\n"
      "  midwatch user add ada --grant shop=admin --grant bank=viewer --config midwatch.yaml\n"
      "  midwatch user set-password ada --config midwatch.yaml <password.txt\n"
      "  midwatch user disable ada --config midwatch.yaml");
  CLI::App* adds = add_act(*group, status, options, "add", "Add a user", "the new user", &add);
  add_grants(adds, options, true);
  add_own(adds, options);
  add_act(*group, status, options, "list", "List users: name, whether enabled, roles", "", &list);
  add_grants(add_act(*group, status, options, "grant", "Give a user these roles in place of all before",
                     "the user", &grant),
             options, true);
  add_act(*group, status, options, "disable", "Let a user in no more; who is signed in is out at once",
          "the user", &disable)
      ->add_flag("--undo", options->enable, "let the user in again");
  add_own(add_act(*group, status, options, "set-password", "Give a user another password; sign-ins end",
                  "the user", &set_password),
          options);
}

void add_tokens(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* group = app.add_subcommand("token", "Tokens of the API");
  group->footer(
      "Without a command it makes a token for the configuration: one line to keep, one for the file.\n"
      "Examples:\n"
      "  midwatch token create ci --grant shop=operator --until 2027-01-01T00:00:00Z --config midwatch.yaml\n"
      "  midwatch token list --config midwatch.yaml\n"
      "  midwatch token revoke tok-… --config midwatch.yaml");
  CLI::App* create =
      add_act(*group, status, options, "create", "Make a token in the store; it is shown this once",
              "what it is called", &create_token);
  add_grants(create, options, true);
  create->add_option("--until", options->until, "when it ends (default: when it is revoked)");
  add_act(*group, status, options, "list", "List tokens: id, name, state, end, roles", "", &list_tokens);
  add_act(*group, status, options, "revoke", "Let nobody in with it any more", "its id", &revoke_token);
  group->callback([group, &status] {
    if (group->get_subcommands().empty()) status = print_token_pair();
  });
}

}  // namespace

void add_accounts(CLI::App& app, int& status) {
  add_users(app, status);
  add_tokens(app, status);
}

}  // namespace midwatch::cli
