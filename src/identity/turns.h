#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include "src/base/result.h"

namespace midwatch::identity {

/// Lets a few do something dear at once and a few more wait; the rest is sent away, so that not every thread
/// that answers requests waits for the same.
///
/// Threads: any number at once.
class Turns {
 public:
  Turns(std::size_t at_once, std::size_t waiting) : at_once_(at_once), may_wait_(waiting) {}

  /// The right to do it, until this ends.
  class Turn {
   public:
    explicit Turn(Turns* of) : of_(of) {}

   private:
    struct Return {
      void operator()(Turns* turns) const { turns->end(); }
    };
    std::unique_ptr<Turns, Return> of_;
  };

  /// Waits for a turn. Errors: kUnavailable at once, with when to come again, where too many wait already.
  base::Result<Turn> take();

 private:
  void end();

  std::size_t at_once_;
  std::size_t may_wait_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace midwatch::identity
