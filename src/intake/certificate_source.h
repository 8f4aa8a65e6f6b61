#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/http/http_client.h"

namespace midwatch::intake {

/// Where signing certificates come from.
///
/// Threads: any number at once.
class CertificateSource {
 public:
  virtual ~CertificateSource() = default;
  /// The certificate at an address, PEM. The address has been checked: it is one that may be asked.
  virtual base::Result<std::string> certificate(const std::string& url) = 0;
};

/// Fetches certificates and keeps them for a day.
///
/// Errors:  kUnavailable where none came, or where too many were asked for: whoever forges messages with ever
///          new addresses must not make this machine send as many requests.
/// Threads: any number at once.
class FetchedCertificates final : public CertificateSource {
 public:
  /// Both must outlive it.
  FetchedCertificates(http::HttpClient& http, const base::Clock& clock) : http_(http), clock_(clock) {}
  base::Result<std::string> certificate(const std::string& url) override;

 private:
  struct Kept {
    std::string pem;
    base::Timestamp fetched{};
  };
  base::Result<> take_turn();

  http::HttpClient& http_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
  std::deque<base::Timestamp> asked_;
};

}  // namespace midwatch::intake
