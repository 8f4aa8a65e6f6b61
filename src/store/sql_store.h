#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "src/store/sql_connection.h"
#include "src/store/store.h"

namespace midwatch::store {

using Connect = std::function<base::Result<std::unique_ptr<SqlConnection>>()>;

/// A store over connections to one SQL database.
///
/// Writes that wait for one another share a transaction, each within a savepoint of its own, and one commit:
/// making something durable takes a thousand times longer than writing it. None returns before that commit,
/// and all fail where it fails.
/// Source:  group commit: DeWitt et al., "Implementation techniques for main memory database systems", 1984
/// Threads: any number at once.
class SqlStore final : public Store {
 public:
  /// `readers` is how many read at once, each over a connection that is made when it is first needed; with
  /// none, the one connection of the writer does all, and every write has a transaction of its own.
  SqlStore(std::unique_ptr<SqlConnection> writer, Connect connect_reader, std::size_t readers);

  base::Result<> read(const Work& work) override;
  base::Result<> write(const Work& work) override;
  std::string describe() const override;

 private:
  /// Writes that are kept or lost together.
  struct Batch {
    std::size_t writes = 0;
    bool settled = false;
    bool again = false;
    std::optional<base::Error> failure;
  };
  struct Attempt {
    base::Result<> result;
    bool again = false;
  };

  Attempt write_once(const Work& work);
  base::Result<> run_apart(const Work& work, Batch& batch);
  void settle(Batch& batch);
  base::Result<std::unique_ptr<SqlConnection>> borrow_reader();
  void give_back(std::unique_ptr<SqlConnection> reader);

  std::string description_;
  Connect connect_reader_;
  std::size_t max_readers_;

  std::mutex writing_;
  std::unique_ptr<SqlConnection> writer_;
  std::shared_ptr<Batch> batch_;
  std::condition_variable settled_;
  std::atomic<std::size_t> queued_ = 0;  ///< writes that wait for writing_

  std::mutex reading_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<SqlConnection>> idle_;
  std::size_t readers_ = 0;
};

}  // namespace midwatch::store
