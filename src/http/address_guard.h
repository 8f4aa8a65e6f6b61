#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

namespace midwatch::http {

/// Where a request may go whose address somebody gave: only to the network, over TLS. This machine itself,
/// what is linked to it directly, and the services of clouds that give out credentials are not the network,
/// by whatever name or spelling they are reached: what counts is the address that is connected.
///
/// `allowed` are the hosts to which all this does not apply, as they stand in a URL, without port.
struct AddressGuard {
  std::vector<std::string> allowed{};

  bool allows_by_name(std::string_view host) const;
};

/// What an address is that no guarded request may reach, for people: "this machine itself"; empty where it is
/// of the network. The address within another counts as well (IPv4-mapped, NAT64, 6to4). What is neither IPv4
/// nor IPv6 is never of the network. Source: RFC 6890 and its registries; RFC 4291 2.5.5, RFC 6052, RFC 3056
std::string_view off_network(const sockaddr& address);

/// The same of an address in its text form; empty where it is no address.
std::string_view off_network(const std::string& address);

}  // namespace midwatch::http
