#pragma once

#include <optional>
#include <string>

#include "src/http/http_client.h"
#include "src/http/mail_client.h"
#include "src/notify/target.h"

namespace midwatch::notify {

/// One attempt to send a message.
struct Attempt {
  std::string id;  ///< of the message: the same at each attempt
  base::Timestamp now{};
  std::string thread;  ///< the receipt of the incident's first message; empty where there is none
};

/// What is sent to a target that is no e-mail address. Pure. Errors: kInvalidArgument where the receiver's
/// record has no usable name.
base::Result<http::HttpRequest> request_of(const Target& target, const Notice& notice,
                                           const Attempt& attempt);

/// What is sent to e-mail addresses. Pure. All messages of an incident are one conversation.
/// Source: RFC 5322, RFC 2045 and RFC 2047 (words of a header that are not ASCII), RFC 3834 (sent by a
/// program)
http::Mail mail_of(const Target& target, const Notice& notice, const Attempt& attempt);

/// What an answer says of the message.
struct Reply {
  enum class Verdict {
    kTaken,
    kAgain,    ///< not taken; later perhaps
    kRefused,  ///< not taken, and never will be
    kUnclear   ///< taken or not
  };
  Verdict verdict = Verdict::kTaken;
  std::string receipt{};
  std::string reason{};
  std::optional<base::Duration> wait{};  ///< asked for by the receiver
};

Reply read_reply(TargetKind kind, const http::HttpResponse& response);
/// The same of a mail server's code.
Reply read_mail_reply(int code);

}  // namespace midwatch::notify
