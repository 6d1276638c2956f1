#include "fcrdns/host/played_kernel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace fcrdns::host {
namespace {

net::Address address_of(std::string_view text) { return net::Address::parse(text).value(); }

constexpr std::string_view host = R"(
hostname mail                    # a comment
address eth0 203.0.113.5/24
address eth0 2001:db8:12:34::2/64 temporary dynamic preferred=600 valid=86400
address eth1 2001:db8:12:34::1/64 down
route 0.0.0.0/0 via 203.0.113.1 dev eth0 src 203.0.113.5 table 100 metric 5
route 198.51.100.0/24 unreachable
rule from 203.0.113.9 lookup 100
source 0.0.0.0/0 203.0.113.5 eth0
source 198.51.100.0/24 trouble Operation not permitted
source 2001:db8::/32 2001:db8:12:34::2 eth0
tempaddr eth0 2
)";

TEST(PlayedKernel, AnswersAsTheTextSays) {
  auto kernel = std::move(parse_played_kernel(host).value());
  EXPECT_EQ(kernel->hostname(), "mail");
  ASSERT_EQ(kernel->addresses().size(), 3U);
  EXPECT_EQ(kernel->addresses()[1], (InterfaceAddress{.interface = "eth0", .address = address_of("2001:db8:12:34::2"), .prefix_length = 64,
                                                      .temporary = true, .permanent = false, .preferred = base::Seconds(600),
                                                      .valid = base::Seconds(86400)}));
  EXPECT_FALSE(kernel->addresses()[2].is_up);
  ASSERT_EQ(kernel->routes().size(), 2U);
  EXPECT_EQ(kernel->routes()[0], (KernelRoute{*net::Prefix::parse("0.0.0.0/0"), address_of("203.0.113.1"), address_of("203.0.113.5"), "eth0", 100, 5}));
  EXPECT_EQ(kernel->routes()[1].refuses, "unreachable");
  EXPECT_EQ(kernel->rules(), std::vector<Rule>{"from 203.0.113.9 lookup 100"});
  EXPECT_EQ(kernel->use_tempaddr("eth0"), 2);
  EXPECT_EQ(kernel->use_tempaddr("eth1"), std::nullopt);
}

TEST(PlayedKernel, ChoosesBySourceLines) {
  auto kernel = std::move(parse_played_kernel(host).value());
  struct Row {
    const char *to, *bind, *source, *interface, *trouble;
  };
  const Row rows[] = {
      {"192.0.2.1", "", "203.0.113.5", "eth0", ""},
      {"198.51.100.7", "", "", "", "Operation not permitted"},
      {"2001:db8:1::1", "", "2001:db8:12:34::2", "eth0", ""},
      {"2001:db8:1::1", "2001:db8:12:34::1", "2001:db8:12:34::1", "eth1", ""},
      {"2001:db8:1::1", "2001:db8:12:34::9", "", "", "2001:db8:12:34::9 is not on this machine"},
      {"2001:db8:1::1", "203.0.113.5", "", "", "203.0.113.5 is of the other family"},
      {"fd00::1", "", "", "", "Network is unreachable"},
  };
  for (const auto& row : rows) {
    const auto bind = *row.bind != '\0' ? std::optional(address_of(row.bind)) : std::nullopt;
    const auto choice = kernel->source_for(address_of(row.to), bind);
    EXPECT_EQ(choice.source ? choice.source->text() : "", row.source) << row.to;
    EXPECT_EQ(choice.interface, row.interface) << row.to;
    EXPECT_EQ(choice.trouble, row.trouble) << row.to;
  }
}

TEST(PlayedKernel, SaysWhichLineCannotBeRead) {
  for (const char* line : {"address eth0", "address eth0 203.0.113.5/24 fast", "route x", "route 0.0.0.0/0 via", "source 0.0.0.0/0 x", "rule",
                           "tempaddr eth0 x", "hostname", "what"}) {
    const auto kernel = parse_played_kernel(std::string("hostname mail\n") + line);
    ASSERT_FALSE(kernel) << line;
    EXPECT_TRUE(kernel.error().message.starts_with("line 2 ")) << kernel.error().message;
  }
}

}  // namespace
}  // namespace fcrdns::host
