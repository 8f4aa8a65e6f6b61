#pragma once

#include <memory>
#include <string>

#include <sys/types.h>

namespace midwatch::store::postgres::testing {

/// A PostgreSQL server of this test alone: its files in a temporary folder, reached over a socket there,
/// ended with this object.
class PostgresServer {
 public:
  /// Nothing where PostgreSQL is not installed. Fails the test where it is and does not start.
  static std::unique_ptr<PostgresServer> start();
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

 private:
  PostgresServer(std::string programs, std::string folder)
      : programs_(std::move(programs)), folder_(std::move(folder)) {}
  bool make_files();

  std::string programs_;
  std::string folder_;
  pid_t server_ = 0;
  int log_ = -1;
  int schemas_ = 0;
};

}  // namespace midwatch::store::postgres::testing
