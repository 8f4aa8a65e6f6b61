#include "src/store/sql_store.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/store/sql_session.h"

namespace midwatch::store {
namespace {

/// So many writes share one commit at most: the first of them waits for the last.
constexpr std::size_t kMaxBatch = 256;

/// So often a write is begun again because of others. Each time at least one of the others got through, so
/// only a store under a storm of conflicting writers reaches it.
constexpr int kMaxAttempts = 50;

/// Ends a transaction that only read.
class Reading {
 public:
  explicit Reading(SqlConnection& connection) : connection_(connection) {}
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading() { connection_.roll_back(); }

 private:
  SqlConnection& connection_;
};

base::Result<> read_with(SqlConnection& connection, const Work& work) {
  MIDWATCH_TRY_VOID(connection.begin_reading());
  const Reading reading(connection);
  SqlSession session(connection);
  return work(session);
}

}  // namespace

SqlStore::SqlStore(std::unique_ptr<SqlConnection> writer, Connect connect_reader, std::size_t readers)
    : description_(writer->describe()),
      connect_reader_(std::move(connect_reader)),
      max_readers_(readers),
      writer_(std::move(writer)) {}

std::string SqlStore::describe() const {
  return description_;
}

base::Result<std::unique_ptr<SqlConnection>> SqlStore::borrow_reader() {
  {
    std::unique_lock lock(reading_);
    returned_.wait(lock, [this] { return !idle_.empty() || readers_ < max_readers_; });
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
    ++readers_;
  }
  auto made = connect_reader_();
  if (!made) give_back(nullptr);
  return made;
}

void SqlStore::give_back(std::unique_ptr<SqlConnection> reader) {
  {
    const std::lock_guard lock(reading_);
    if (reader) {
      idle_.push_back(std::move(reader));
    } else {
      --readers_;
    }
  }
  returned_.notify_one();
}

base::Result<> SqlStore::read(const Work& work) {
  if (max_readers_ == 0) {
    const std::lock_guard lock(writing_);
    return read_with(*writer_, work);
  }
  MIDWATCH_TRY(auto reader, borrow_reader());
  struct Return {
    SqlStore& store;
    std::unique_ptr<SqlConnection>& reader;
    ~Return() { store.give_back(std::move(reader)); }
  } const give_back_at_end{*this, reader};
  return read_with(*reader, work);
}

base::Result<> SqlStore::write(const Work& work) {
  for (int attempt = 1;; ++attempt) {
    auto [result, again] = write_once(work);
    if (!again) return std::move(result);
    if (attempt == kMaxAttempts)
      return std::move(result).error().with(
          fmt::format("{} other transactions in a row were in the way", kMaxAttempts));
  }
}

/// Runs `work` so that it can be undone without its neighbours; the batch fails where that cannot be done.
base::Result<> SqlStore::run_apart(const Work& work, Batch& batch) {
  const auto mark = [this, &batch](std::string_view statement) {
    if (auto done = writer_->run(statement, {}); !done) batch.failure = std::move(done).error();
  };
  mark("SAVEPOINT one_write");
  if (batch.failure) return *batch.failure;
  std::exception_ptr thrown;
  base::Result<> result;
  try {
    SqlSession session(*writer_);
    result = work(session);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (writer_->lost_transaction()) {
    batch.failure = result ? base::internal_error("the database gave up a transaction") : result.error();
  } else {
    if (!result || thrown) mark("ROLLBACK TO SAVEPOINT one_write");
    mark("RELEASE SAVEPOINT one_write");
  }
  if (thrown) std::rethrow_exception(thrown);
  return result;
}

/// Ends the batch and tells all who wait for it.
void SqlStore::settle(Batch& batch) {
  if (!batch.failure)
    if (auto kept = writer_->commit(); !kept) batch.failure = std::move(kept).error();
  if (batch.failure) {
    batch.again = writer_->worth_again();
    writer_->roll_back();
  }
  batch.settled = true;
  batch_.reset();
  settled_.notify_all();
}

SqlStore::Attempt SqlStore::write_once(const Work& work) {
  ++queued_;
  std::unique_lock lock(writing_);
  --queued_;
  if (!batch_) {
    if (auto begun = writer_->begin_writing(); !begun) {
      const bool again = writer_->worth_again();
      writer_->roll_back();
      return {std::move(begun), again};
    }
    batch_ = std::make_shared<Batch>();
  }
  const auto batch = batch_;
  ++batch->writes;
  std::exception_ptr thrown;
  base::Result<> result;
  try {
    result = run_apart(work, *batch);
  } catch (...) {
    thrown = std::current_exception();
  }
  // Whoever waits for the lock now will end this batch, or find another who does.
  const bool last = queued_ == 0 || batch->writes == kMaxBatch || max_readers_ == 0;
  if (batch->failure || last) {
    settle(*batch);
  } else {
    settled_.wait(lock, [&batch] { return batch->settled; });
  }
  if (thrown) std::rethrow_exception(thrown);
  if (batch->failure) return {*batch->failure, batch->again};
  return {std::move(result), false};
}

}  // namespace midwatch::store
