#include "src/clients/aws/api/credentials/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stop_token>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr auto kTimeout = std::chrono::minutes(1);
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::size_t kShownBytes = 100;

/// Both ends of a pipe that programs started elsewhere do not inherit.
class Pipe {
 public:
  Pipe() { ok_ = ::pipe2(ends_.data(), O_CLOEXEC) == 0; }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool ok() const { return ok_; }
  int out() const { return ends_[0]; }
  int in() const { return ends_[1]; }
  void close_in() { close_end(1); }

 private:
  void close_end(std::size_t which) {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }

  std::array<int, 2> ends_ = {-1, -1};
  bool ok_ = false;
};

int start(const std::vector<std::string>& words, const Pipe& output, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.in(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int failure = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

/// Reads until the program closes its end. Errors: of the context; kUnavailable: too much.
base::Result<std::string> read_all(const runtime::RequestContext& context, int from) {
  const Pipe wake;
  if (!wake.ok()) return base::environment_error(base::ErrorCode::kUnavailable, "no more pipes");
  const std::stop_callback stopped(context.stop(), [&wake] {
    const ssize_t written = ::write(wake.in(), "x", 1);
    (void)written;  // a full pipe wakes as well
  });
  std::string text;
  while (true) {
    MIDWATCH_TRY_VOID(context.check());
    const auto left = context.remaining().value_or(kTimeout);
    std::array<pollfd, 2> watched{{{from, POLLIN, 0}, {wake.out(), POLLIN, 0}}};
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    if (::poll(watched.data(), watched.size(), static_cast<int>(wait)) < 0 && errno != EINTR)
      return base::environment_error(base::ErrorCode::kUnavailable, "its output cannot be read");
    if (watched[0].revents == 0) continue;
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > kMostBytes)
      return base::environment_error(base::ErrorCode::kUnavailable, "it printed over 1 MiB");
  }
}

}  // namespace

std::vector<std::string> split_command(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool open_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    const bool escapes = c == '\\' && quote != '\'' && i + 1 < command.size();
    if (escapes && (quote == '\0' || command[i + 1] == '"' || command[i + 1] == '\\')) {
      word += command[++i];
      open_word = true;
    } else if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      open_word = true;
    } else if (c == ' ' || c == '\t') {
      if (open_word) words.push_back(std::exchange(word, {}));
      open_word = false;
    } else {
      word += c;
      open_word = true;
    }
  }
  if (quote != '\0') return {};
  if (open_word) words.push_back(std::move(word));
  return words;
}

base::Result<std::string> run_child(const runtime::RequestContext& caller_context,
                                    const std::vector<std::string>& words) {
  const auto context = caller_context.within(kTimeout);
  MIDWATCH_TRY_VOID(context.check());
  Pipe output;
  pid_t child = 0;
  if (!output.ok() || start(words, output, child) != 0) {
    return base::environment_error(
        base::ErrorCode::kUnavailable,
        fmt::format("this program cannot be started: {}", base::printable(words[0], kShownBytes)));
  }
  output.close_in();
  auto text = read_all(context, output.out());
  if (!text) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!text) return std::move(text).error();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return base::environment_error(
        base::ErrorCode::kUnavailable,
        fmt::format("this program failed, with exit status {}: {}",
                    WIFEXITED(status) ? WEXITSTATUS(status) : -1, base::printable(words[0], kShownBytes)));
  }
  return text;
}

}  // namespace midwatch::clients::aws::api
