#include "src/store/postgres/testing/postgres_server.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/store/postgres/postgres_connection.h"

namespace midwatch::store::postgres::testing {
namespace {

namespace fs = std::filesystem;

/// The folder of the newest PostgreSQL that Debian installed; empty where there is none.
std::string installed_programs() {
  std::error_code ignored;
  std::vector<std::string> found;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", ignored))
    if (fs::exists(version.path() / "bin/initdb", ignored)) found.push_back(version.path() / "bin");
  return found.empty() ? std::string() : *std::max_element(found.begin(), found.end());
}

/// Whom the server runs as: it refuses to be root.
const passwd* server_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user ? user : ::getpwnam("nobody");
}

/// Starts a program that ends with this one; `output` becomes its standard output and error.
pid_t start_program(const std::vector<std::string>& words, int output) {
  const passwd* user = server_user();
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (user && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGINT);
  ::execv(arguments.front(), arguments.data());
  ::_exit(127);
}

}  // namespace

std::unique_ptr<PostgresServer> PostgresServer::in_new_folder(const std::string& programs,
                                                              const std::string& parent) {
  // A path of a socket has 107 bytes at most; the folder is short.
  std::string folder = parent + "/midwatch_pg_XXXXXX";
  if (!::mkdtemp(folder.data())) throw std::runtime_error("no temporary folder for PostgreSQL");
  std::unique_ptr<PostgresServer> server(new PostgresServer(programs, folder));
  if (const passwd* user = server_user(); user && ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("the temporary folder cannot be given to " + std::string(user->pw_name));
  return server;
}

std::unique_ptr<PostgresServer> PostgresServer::start(const std::string& parent) {
  const std::string programs = installed_programs();
  if (programs.empty()) return nullptr;
  auto server = in_new_folder(programs, parent);
  if (!server->run_program("initdb", {"-D", server->folder_ + "/data", "-U", "midwatch", "-A", "trust", "-E",
                                      "UTF8", "--locale=C", "--no-sync", "--wal-segsize=1"}))
    throw std::runtime_error("initdb failed in " + server->folder_);
  server->start_again();
  return server;
}

bool PostgresServer::run_program(const std::string& name, const std::vector<std::string>& arguments) const {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  std::vector<std::string> words{programs_ + "/" + name};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t child = start_program(words, nowhere);
  ::close(nowhere);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::unique_ptr<PostgresServer> PostgresServer::start_standby() {
  auto standby = in_new_folder(programs_, "/tmp");
  if (!standby->run_program("pg_basebackup",
                            {"-h", folder_, "-U", "midwatch", "-D", standby->folder_ + "/data", "-R", "-X",
                             "stream", "-c", "fast", "--no-sync"}))
    throw std::runtime_error("pg_basebackup failed in " + standby->folder_);
  stop(Stop::kFast);
  waits_for_ = "*";
  start_again();
  standby->start_again();
  return standby;
}

void PostgresServer::promote() {
  if (!run_program("pg_ctl", {"promote", "-w", "-D", folder_ + "/data"}))
    throw std::runtime_error("pg_ctl promote failed in " + folder_);
}

void PostgresServer::start_again() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  // What is tested is what is kept when the server stops, not when the machine does: so no fsync. Of the
  // levels of its log, "log" is above errors, of which a test makes many.
  server_ = start_program(
      {programs_ + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=", "-c",
       "fsync=off", "-c", "log_min_messages=log", "-c", "log_checkpoints=off", "-c", "shared_buffers=16MB",
       "-c", "max_connections=40", "-c", "synchronous_standby_names=" + waits_for_},
      ends[1]);
  ::close(ends[1]);
  if (log_ >= 0) ::close(log_);
  log_ = ends[0];
  std::string told;
  std::array<char, 4096> part{};
  while (told.find("ready to accept") == std::string::npos) {
    const ssize_t got = ::read(log_, part.data(), part.size());
    if (got <= 0) throw std::runtime_error("PostgreSQL did not start: " + told);
    told.append(part.data(), static_cast<std::size_t>(got));
  }
}

void PostgresServer::stop(Stop how) {
  if (server_ <= 0) return;
  ::kill(server_, how == Stop::kFast ? SIGINT : SIGQUIT);
  int status = 0;
  ::waitpid(server_, &status, 0);
  server_ = 0;
}

PostgresServer::~PostgresServer() {
  stop(Stop::kCrash);
  if (log_ >= 0) ::close(log_);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PostgresServer::run(const std::string& address, const std::string& script) {
  auto connection = PostgresConnection::open(address);
  if (!connection) throw std::runtime_error(connection.error().describe());
  if (const auto done = (*connection)->run_script(script); !done)
    throw std::runtime_error(done.error().describe());
}

std::string PostgresServer::new_schema() {
  const std::string server = fmt::format("host={} user=midwatch dbname=postgres", folder_);
  const std::string name = fmt::format("schema_{}", ++schemas_);
  run(server, "CREATE SCHEMA " + name);
  return fmt::format("{} options='-c search_path={}'", server, name);
}

}  // namespace midwatch::store::postgres::testing
