// What a kernel once answered (fuzz/corpus/netlink, recorded in a namespace), as it is read; the live kernel is asked in
// tests/host/kernel.
#include "fcrdns/host/kernel.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "fcrdns/host/kernel_messages.hpp"
#include "fcrdns/host/kernel_translations.hpp"

namespace fcrdns::host {
namespace {

base::Octets recorded(const std::string& name) {
  std::ifstream in(FCRDNS_SOURCE_DIR "/fuzz/corpus/netlink/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

net::Address address_of(std::string_view text) { return net::Address::parse(text).value(); }
net::Prefix prefix_of(std::string_view text) { return net::Prefix::parse(text).value(); }

Links links() {
  Links out;
  const auto octets = recorded("links");
  for (const auto& message : messages_in(octets))
    if (auto link = read_link(message.body)) out.insert(std::move(*link));
  return out;
}

TEST(KernelMessages, Links) {
  std::vector<std::string> up;
  for (const auto& [index, link] : links())
    if (link.is_up) up.push_back(link.name);
  EXPECT_EQ(up, (std::vector<std::string>{"lo", "d1", "d0"}));
}

TEST(KernelMessages, Addresses) {
  const auto octets = recorded("addresses");
  const auto interfaces = links();
  std::map<std::string, InterfaceAddress> found;
  for (const auto& message : messages_in(octets))
    if (auto address = read_interface_address(message.body, interfaces)) found.emplace(address->address.text(), *address);
  EXPECT_EQ(found.at("203.0.113.5"), (InterfaceAddress{.interface = "d0", .address = address_of("203.0.113.5"), .prefix_length = 24}));
  EXPECT_EQ(found.at("2001:db8::5"), (InterfaceAddress{.interface = "d0", .address = address_of("2001:db8::5"), .prefix_length = 64, .deprecated = true,
                                                       .permanent = false, .preferred = base::Seconds(0), .valid = base::Seconds(900)}));
  EXPECT_EQ(found.at("2001:db8::6"), (InterfaceAddress{.interface = "d0", .address = address_of("2001:db8::6"), .prefix_length = 64, .by_advertisement = true}));
}

TEST(KernelMessages, Routes) {
  const auto octets = recorded("routes4");
  const auto interfaces = links();
  std::vector<KernelRoute> found;
  for (const auto& message : messages_in(octets))
    for (auto& route : read_route(message.body, interfaces)) found.push_back(std::move(route));
  EXPECT_EQ(found, (std::vector<KernelRoute>{
                       {.to = prefix_of("0.0.0.0/0"), .via = address_of("203.0.113.1"), .source = {}, .interface = "d0"},
                       {.to = prefix_of("192.0.2.0/24"), .via = {}, .source = {}, .interface = "", .refuses = "unreachable"},
                       {.to = prefix_of("198.51.100.0/24"), .via = address_of("203.0.113.2"), .source = {}, .interface = "d0"},
                       {.to = prefix_of("198.51.100.0/24"), .via = address_of("203.0.113.3"), .source = {}, .interface = "d0"},
                       {.to = prefix_of("203.0.113.0/24"), .via = {}, .source = address_of("203.0.113.5"), .interface = "d0"}}));
}

TEST(KernelMessages, Rules) {
  const auto octets = recorded("rules4");
  std::vector<Rule> found;
  for (const auto& message : messages_in(octets))
    if (auto rule = read_rule(message.body)) found.push_back(std::move(*rule));
  EXPECT_EQ(found, (std::vector<Rule>{"not from all to 198.51.100.0/24 fwmark 0x5 ipproto 6 dport 25-25 unreachable", "from 203.0.113.9 lookup 100"}));
}

TEST(KernelMessages, Translations) {
  const auto octets = recorded("translations");
  std::vector<Translation> found;
  for (const auto& message : messages_in(octets))
    if (auto translation = read_translation(message.body)) found.push_back(std::move(*translation));
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0], (Translation{prefix_of("172.22.1.0/24"), {}, "", false, "masquerade of 172.22.1.0/24 that does not leave by br0 (nftables, table ip n)"}));
  EXPECT_EQ(found[1], (Translation{prefix_of("10.1.2.128/25"), address_of("203.0.113.7"), "", false, "source NAT of 10.1.2.128/25 to 203.0.113.7 (nftables, table ip n)"}));
  EXPECT_EQ(found[2], (Translation{{}, {}, "", true, "masquerade of all but 10.0.0.0/8 (nftables, table ip n)"}));
  EXPECT_EQ(found[3].to, address_of("2001:db8::5"));
  EXPECT_EQ(found[4].to, address_of("2001:db8::9"));  // of ip6tables
}

TEST(KernelMessages, CutAnywhere) {
  const auto interfaces = links();
  for (const auto* name : {"links", "addresses", "routes4", "routes6", "rules4", "translations"}) {
    const auto octets = recorded(name);
    std::size_t before = 0;
    for (std::size_t size = 0; size <= octets.size(); ++size) {
      const base::Octets cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));  // its end is the allocation's
      const auto count = messages_in(cut).size();
      EXPECT_GE(count, before);
      before = count;
    }
    for (const auto& message : messages_in(octets)) {
      for (std::size_t size = 0; size < message.body.size(); ++size) {
        const base::Octets body(message.body.begin(), message.body.begin() + static_cast<std::ptrdiff_t>(size));
        (void)read_link(body);
        (void)read_interface_address(body, interfaces);
        (void)read_route(body, interfaces);
        (void)read_rule(body);
        (void)read_translation(body);
      }
    }
    EXPECT_GT(before, 0U) << name;
  }
}

TEST(OwnKernel, KnowsItself) {
  const auto kernel = own_kernel();
  EXPECT_FALSE(kernel->hostname().empty());
  EXPECT_EQ(kernel->source_for(address_of("192.0.2.1"), address_of("2001:db8::1")).trouble, "2001:db8::1 is of the other family");
  for (const auto* name : {"", "..", "../all", "no-such-interface"}) EXPECT_EQ(kernel->use_tempaddr(name), std::nullopt) << name;
  const auto gone = kernel_of(4'194'303);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message, "there is no process 4194303");
}

}  // namespace
}  // namespace fcrdns::host
