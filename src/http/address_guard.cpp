#include "src/http/address_guard.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace midwatch::http {
namespace {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint8_t, 16>;

constexpr std::string_view kThisMachine = "this machine itself";
constexpr std::string_view kLinked = "an address of its own network link";
constexpr std::string_view kMetadata = "the metadata service of a cloud";
constexpr std::string_view kNoHost = "no address of a single host";

/// Addresses with the same first bits.
template <class Address>
struct Block {
  Address first;
  unsigned bits;
  std::string_view what;
};

constexpr Block<Ipv4> kIpv4Blocks[] = {
    {{0, 0, 0, 0}, 8, kThisMachine},  // connects to loopback on Linux
    {{127, 0, 0, 0}, 8, kThisMachine},     {{169, 254, 0, 0}, 16, kLinked},
    {{100, 100, 100, 200}, 32, kMetadata},  // Alibaba Cloud
    {{168, 63, 129, 16}, 32, kMetadata},    // Azure
    {{192, 0, 0, 192}, 32, kMetadata},      // Oracle Cloud
    {{224, 0, 0, 0}, 4, kNoHost},          {{240, 0, 0, 0}, 4, kNoHost},
};

constexpr Block<Ipv6> kIpv6Blocks[] = {
    {{}, 127, kThisMachine},  // :: and ::1
    {{0xfe, 0x80}, 10, kLinked},
    {{0xfd, 0x00, 0x0e, 0xc2}, 32, kMetadata},  // AWS
    {{0xff}, 8, kNoHost},
};

/// Where an IPv6 address holds an IPv4 address.
struct Wrapping {
  Ipv6 first;
  unsigned bits;
  std::size_t at;
};

constexpr Wrapping kWrappings[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},  // IPv4-mapped
    {{}, 96, 12},                                          // IPv4-compatible
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},        // IPv4-translated
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},                    // NAT64
    {{0x20, 0x02}, 16, 2},                                 // 6to4
};

template <class Address>
bool begins_with(const Address& address, const Address& first, unsigned bits) {
  constexpr unsigned kByte = 8;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const auto before = static_cast<unsigned>(i) * kByte;
    if (bits <= before) return true;
    const unsigned kept = std::min(bits - before, kByte);
    const auto mask = static_cast<std::uint8_t>(0xffU << (kByte - kept));
    if ((address[i] & mask) != (first[i] & mask)) return false;
  }
  return true;
}

template <class Address, std::size_t N>
std::string_view block_of(const Address& address, const Block<Address> (&blocks)[N]) {
  for (const auto& block : blocks)
    if (begins_with(address, block.first, block.bits)) return block.what;
  return {};
}

std::string_view ipv6_off_network(const Ipv6& address) {
  if (const auto what = block_of(address, kIpv6Blocks); !what.empty()) return what;
  for (const Wrapping& wrapping : kWrappings) {
    if (!begins_with(address, wrapping.first, wrapping.bits)) continue;
    Ipv4 inner{};
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(wrapping.at), inner.size(), inner.begin());
    return block_of(inner, kIpv4Blocks);
  }
  return {};
}

}  // namespace

bool AddressGuard::allows_by_name(std::string_view host) const {
  return std::find(allowed.begin(), allowed.end(), host) != allowed.end();
}

std::string_view off_network(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    Ipv4 bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, bytes.size());
    return block_of(bytes, kIpv4Blocks);
  }
  if (address.sa_family == AF_INET6) {
    Ipv6 bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, bytes.size());
    return ipv6_off_network(bytes);
  }
  return kNoHost;
}

std::string_view off_network(const std::string& address) {
  Ipv4 four{};
  if (inet_pton(AF_INET, address.c_str(), four.data()) == 1) return block_of(four, kIpv4Blocks);
  Ipv6 six{};
  if (inet_pton(AF_INET6, address.c_str(), six.data()) == 1) return ipv6_off_network(six);
  return {};
}

}  // namespace midwatch::http
