#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace midwatch::store::postgres::testing {

/// A PostgreSQL server of this test alone: its files in a temporary folder, reached over a socket there,
/// ended with this object.
class PostgresServer {
 public:
  /// Nothing where PostgreSQL is not installed. Fails the test where it is and does not start.
  /// Its folder is made in `parent`, whose path is short.
  static std::unique_ptr<PostgresServer> start(const std::string& parent = "/tmp");
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

  /// The address of a schema of its own, which is made here.
  std::string new_schema();
  /// Runs a script as the owner of the server.
  void run(const std::string& address, const std::string& script);

  enum class Stop {
    kFast,   ///< ends the sessions and shuts down
    kCrash,  ///< as if it was killed: it has to recover from its log
  };
  void stop(Stop how);
  void start_again();

  /// A standby of this server, which from now on keeps a write only once the standby has it as well.
  std::unique_ptr<PostgresServer> start_standby();
  /// Makes a standby take writes, and wait for no other.
  void promote();
  /// Where its socket is: the host of an address.
  const std::string& host() const { return folder_; }

 private:
  PostgresServer(std::string programs, std::string folder)
      : programs_(std::move(programs)), folder_(std::move(folder)) {}
  static std::unique_ptr<PostgresServer> in_new_folder(const std::string& programs,
                                                       const std::string& parent);
  bool run_program(const std::string& name, const std::vector<std::string>& arguments) const;

  std::string programs_;
  std::string folder_;
  std::string waits_for_;  ///< standbys whose word a write waits for
  pid_t server_ = 0;
  int log_ = -1;
  int schemas_ = 0;
};

}  // namespace midwatch::store::postgres::testing
