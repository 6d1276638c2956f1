// The codec against well-formed messages and against the hostile ones of the H-rows named in each test.
#include "fcrdns/dns/message.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace fcrdns::dns {
namespace {

Name name(std::string_view text) { return Name::parse(text).value(); }

/// Wire octets put together piece by piece, lies included.
struct Wire {
  base::Octets octets;
  Wire& u8(unsigned v) { return base::put_u8(octets, static_cast<std::uint8_t>(v)), *this; }
  Wire& u16(unsigned v) { return base::put_u16(octets, static_cast<std::uint16_t>(v)), *this; }
  Wire& u32(std::uint32_t v) { return base::put_u32(octets, v), *this; }
  Wire& raw(std::string_view v) { return base::put(octets, base::octets_of(v)), *this; }
  Wire& fill(std::size_t count, std::uint8_t v) { return octets.insert(octets.end(), count, v), *this; }
  Wire& labels(const char* text) { return base::put(octets, name(text).wire()), *this; }
  Wire& pointer(std::size_t target) { return u16(0xc000U | static_cast<unsigned>(target)); }
  /// Type, class IN, TTL 300, RDLENGTH; the owner stands before, the data comes behind.
  Wire& head(Type type, std::size_t length) {
    return u16(static_cast<unsigned>(type)).u16(1).u32(300).u16(static_cast<unsigned>(length));
  }
};

constexpr std::size_t owner_at = 12;  // the question's name in every reply made here

/// Header with the counts, and the question 1.2.0.192.in-addr.arpa. PTR (40 octets in all).
Wire reply(unsigned answers, unsigned authority = 0, unsigned additional = 0, unsigned questions = 1) {
  Wire wire;
  wire.u16(0x1234).u16(0x8180).u16(questions).u16(answers).u16(authority).u16(additional);
  return wire.labels("1.2.0.192.in-addr.arpa").u16(12).u16(1);
}
constexpr std::size_t reply_size = 40;

/// One answer of this type with these data octets and an honest RDLENGTH.
Wire answer(Type type, std::string_view data) {
  auto wire = reply(1);
  return wire.pointer(owner_at).head(type, data.size()).raw(data);
}

std::string why_not(const Wire& wire) {
  const auto message = read_message(wire.octets);
  return message ? "accepted" : message.error().message;
}

using namespace std::string_literals;

TEST(Message, RoundTripOfEveryPart) {
  Message m;
  m.id = 0xbeef;
  m.response = m.authoritative = m.recursion_desired = m.recursion_available = m.authentic = m.checking_disabled = true;
  m.rcode = Rcode::badvers;
  m.questions = {{name("MAIL.example.com"), Type::a, Class::in}};
  const auto add = [](std::vector<Record>& to, const char* owner, Type type, const char* data) {
    to.push_back({name(owner), type, Class::in, 3600, parse_rdata(type, data, Name()).value()});
  };
  add(m.answers, "mail.example.com", Type::cname, "mx.example.com");
  add(m.answers, "mx.example.com", Type::a, "203.0.113.5");
  add(m.answers, "mx.example.com", Type::aaaa, "2001:db8::5");
  add(m.answers, "example.com", Type::mx, "10 mx.example.com");
  add(m.answers, "example.com", Type::txt, "\"v=spf1\" \"\"");
  add(m.answers, "x.example.com", Type::dname, "y.example.com");
  add(m.answers, "_smtp._tcp.example.com", Type::srv, "\\# 7 00010002001900");
  add(m.authority, "example.com", Type::soa, "ns.example.com host.example.com 1 2 3 4 5");
  add(m.authority, "example.com", Type::ns, "ns.example.com");
  add(m.additional, "5.113.0.203.in-addr.arpa", Type::ptr, "mail.example.com");
  m.edns = Edns{1232, 0, true, {{10, {1, 2, 3}}, {15, {0, 22, 'n', 'o'}}}};
  const auto wire = write_message(m);
  const auto back = read_message(wire);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, m);
  EXPECT_TRUE(back->questions[0].name.same_case(m.questions[0].name)) << "0x20 survives compression";
  const auto error = extended_error(*back);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, 22);
  EXPECT_EQ(error->text, "no");
  m.edns->options.pop_back();
  EXPECT_FALSE(extended_error(m));
  EXPECT_LT(wire.size(), 430U) << "compression";
}

TEST(Message, DnameTargetIsNotCompressed) {  // RFC 6672 2.5
  Message m;
  m.questions = {{name("a.example"), Type::dname, Class::in}};
  m.answers = {{name("a.example"), Type::dname, Class::in, 1, name("b.a.example")}};
  const auto wire = write_message(m);
  const auto target = name("b.a.example");
  const auto octets = target.wire();
  EXPECT_TRUE(std::equal(octets.begin(), octets.end(), wire.end() - static_cast<std::ptrdiff_t>(octets.size())));
}

TEST(Message, LimitLeavesWholeRecordsOutAndSetsTc) {
  Message m;
  m.response = true;
  m.questions = {{name("1.2.0.192.in-addr.arpa"), Type::ptr, Class::in}};
  for (int i = 0; i < 200; ++i)
    m.answers.push_back({m.questions[0].name, Type::ptr, Class::in, 1, name("host" + std::to_string(i) + ".example")});
  m.edns = Edns{};
  for (const std::size_t limit : {60U, 512U, 1232U, 4000U}) {
    const auto wire = write_message(m, limit);
    EXPECT_LE(wire.size(), limit);
    const auto back = read_message(wire);
    ASSERT_TRUE(back) << limit;
    EXPECT_TRUE(back->truncated);
    EXPECT_TRUE(back->edns);
    EXPECT_LT(back->answers.size(), 200U);
    EXPECT_TRUE(std::equal(back->answers.begin(), back->answers.end(), m.answers.begin()));
    EXPECT_GT(wire.size() + 40, limit) << "filled as far as it goes";
  }
  EXPECT_FALSE(read_message(write_message(m))->truncated);
}

TEST(Message, UpdateMayLeaveDataOut) {  // RFC 2136 2.5.2
  auto wire = reply(0, 2);
  wire.pointer(owner_at).u16(12).u16(255).u32(0).u16(0).pointer(owner_at).u16(1).u16(254).u32(0).u16(0);
  EXPECT_EQ(why_not(wire), "accepted");
}

TEST(Message, H001_ShortHeaders) {
  for (std::size_t size = 0; size < 12; ++size) EXPECT_FALSE(read_message(base::Octets(size, 0))) << size;
  EXPECT_TRUE(read_message(base::Octets(12, 0)));
}

TEST(Message, H003_H004_PointersMustGoBackward) {
  const auto data_at = reply_size + 2 + 10;  // where the answer's data begins
  struct Row { const char* what; Wire wire; const char* why; };
  auto pair_loop = answer(Type::ptr, "\xc0"s + static_cast<char>(data_at + 2) + "\xc0"s + static_cast<char>(data_at));
  auto through_own_label = reply(1);
  through_own_label.pointer(owner_at).head(Type::ptr, 4).raw("\1a").pointer(data_at);
  auto far_away = reply(1);
  far_away.pointer(owner_at).head(Type::ptr, 2).pointer(0x3fff);
  auto half = reply(1);
  half.pointer(owner_at).head(Type::ptr, 1).u8(0xc0);
  auto owner_forward = reply(1);
  owner_forward.pointer(reply_size + 2).head(Type::ptr, 1).u8(0);
  auto into_itself = answer(Type::ptr, "\xc0"s + static_cast<char>(data_at));
  const std::string backward = "compression pointer does not go backward";
  EXPECT_EQ(why_not(into_itself), backward) << "H003 pointer to itself";
  EXPECT_EQ(why_not(pair_loop), backward) << "H003 pair loop";
  EXPECT_EQ(why_not(through_own_label), backward) << "H003 loop through its own label";
  EXPECT_EQ(why_not(owner_forward), backward) << "H004 forward";
  EXPECT_EQ(why_not(far_away), backward) << "H004 past the end";
  EXPECT_EQ(why_not(half), "name runs past the end of the message") << "H004 half a pointer";
  // Into the header: 0x12 0x34... reads as a label of 18 octets that runs into the question; never over the end.
  EXPECT_NE(why_not(answer(Type::ptr, "\xc0\0"s)), "accepted") << "H004 into the header";
}

TEST(Message, H005_ChainOf300BackwardPointersIsCheapAndRefused) {
  auto wire = reply(300);
  auto target = owner_at;
  for (int i = 0; i < 300; ++i) {  // each owner is a pointer to the pointer before
    const auto here = wire.octets.size();
    wire.pointer(target).head(Type::a, 4).u32(0x01020304);
    target = here;
  }
  EXPECT_EQ(why_not(wire), "too many compression pointers in a name");

  auto growing = reply(300);
  target = owner_at;
  for (int i = 0; i < 300; ++i) {  // each owner is one label longer than the one before
    const auto here = growing.octets.size();
    growing.raw("\1a").pointer(target).head(Type::a, 4).u32(0x01020304);
    target = here;
  }
  EXPECT_EQ(why_not(growing), "name longer than 255 octets");
}

TEST(Message, H005_WorstPointersOf64KilobytesAreRefusedOrReadInLinearTime) {
  auto wire = reply(5000);
  auto target = owner_at;
  for (int i = 0; i < 5000; ++i) {  // 126 pointers deep everywhere, the most that is followed
    const auto here = wire.octets.size();
    wire.pointer(target).head(Type::txt, 1).u8(0);
    if (i < 126) target = here;
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(why_not(wire), "accepted");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
}

TEST(Message, H006_ReservedLabelTypes) {
  for (const unsigned length : {0x40U, 0x7fU, 0x80U, 0xbfU}) {
    auto wire = reply(1);
    wire.pointer(owner_at).head(Type::ptr, length + 2).u8(length).fill(length, 'a').u8(0);
    EXPECT_EQ(why_not(wire), "label of a reserved type") << length;
  }
}

TEST(Message, H007_NamesOf256OctetsAndMore) {
  const auto of_size = [](std::size_t octets) {  // labels of one octet, one of two where the sum asks for it
    std::string out;
    if (octets % 2 == 0) out = "\2bb";
    while (out.size() + 1 < octets) out += "\1a";
    return out + '\0';
  };
  EXPECT_EQ(why_not(answer(Type::ptr, of_size(255))), "accepted");
  for (const std::size_t size : {256U, 257U, 1000U})
    EXPECT_EQ(why_not(answer(Type::ptr, of_size(size))), "name longer than 255 octets") << size;
  auto by_pointer = reply(2);  // 240 octets, and 20 more in front of a pointer to them
  by_pointer.pointer(owner_at).head(Type::ptr, 240).raw(of_size(240));
  by_pointer.pointer(owner_at).head(Type::ptr, 22).raw(of_size(21).substr(0, 20)).pointer(reply_size + 12);
  EXPECT_EQ(why_not(by_pointer), "name longer than 255 octets");
}

TEST(Message, H008_RdlengthLies) {
  const auto lie = [](Type type, unsigned length, std::string_view data) {
    auto wire = reply(1);
    return why_not(wire.pointer(owner_at).head(type, length).raw(data));
  };
  EXPECT_EQ(lie(Type::ptr, 4, "\2ab\0"s), "accepted");
  EXPECT_EQ(lie(Type::ptr, 0, ""), "RDLENGTH does not fit the type");
  EXPECT_EQ(lie(Type::ptr, 3, "\2ab\0"s), "RDLENGTH does not fit the type") << "short";
  EXPECT_EQ(lie(Type::ptr, 5, "\2ab\0x"s), "RDLENGTH does not fit the type") << "long";
  EXPECT_EQ(lie(Type::ptr, 5, "\2ab\0"s), "RDLENGTH runs past the end of the message");
  EXPECT_EQ(lie(Type::ptr, 65535, "\2ab\0"s), "RDLENGTH runs past the end of the message");
  EXPECT_EQ(lie(Type::ptr, 3, "\2ab\0x"s), "RDLENGTH does not fit the type");
  EXPECT_EQ(lie(Type::mx, 1, "\0"s), "RDLENGTH does not fit the type");
  EXPECT_EQ(lie(Type::mx, 4, "\0\1\0x"s), "RDLENGTH does not fit the type");
  EXPECT_EQ(lie(Type::txt, 0, ""), "RDLENGTH does not fit the type");
  EXPECT_EQ(lie(Type::txt, 3, "\5ab"), "RDLENGTH does not fit the type");
  EXPECT_EQ(lie(Type::soa, 21, std::string(21, '\0')), "RDLENGTH does not fit the type");
  EXPECT_EQ(lie(Type::soa, 22, std::string(22, '\0')), "accepted");
  EXPECT_EQ(lie(Type::soa, 23, std::string(23, '\0')), "RDLENGTH does not fit the type");
  EXPECT_EQ(lie(Type::ptr, 4, "\2ab\0x"s), "octets behind the last record");
}

TEST(Message, H009_AddressesOfTheWrongSize) {
  for (const std::size_t size : {0U, 3U, 5U, 16U})
    EXPECT_EQ(why_not(answer(Type::a, std::string(size, '\1'))), "RDLENGTH does not fit the type") << "A " << size;
  for (const std::size_t size : {0U, 4U, 15U, 17U})
    EXPECT_EQ(why_not(answer(Type::aaaa, std::string(size, '\1'))), "RDLENGTH does not fit the type") << "AAAA " << size;
  EXPECT_EQ(why_not(answer(Type::a, "\1\2\3\4")), "accepted");
  EXPECT_EQ(why_not(answer(Type::aaaa, std::string(16, '\1'))), "accepted");
}

TEST(Message, H010_CountsTheOctetsDoNotFill) {
  EXPECT_EQ(why_not(reply(0)), "accepted");
  for (const auto& wire : {reply(65535), reply(0, 65535), reply(0, 0, 65535), reply(0, 0, 0, 65535), reply(1)})
    EXPECT_EQ(why_not(wire), "name runs past the end of the message");
  auto fewer = reply(0);
  fewer.pointer(owner_at).head(Type::a, 4).u32(1);
  EXPECT_EQ(why_not(fewer), "octets behind the last record");
}

TEST(Message, H011_3000PtrRecords) {
  auto wire = reply(3000);
  for (unsigned i = 0; i < 3000; ++i) wire.pointer(owner_at).head(Type::ptr, 7).u8(5).raw(std::to_string(10000 + i)).u8(0);
  const auto message = read_message(wire.octets);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->answers.size(), 3000U);
  EXPECT_EQ(std::get<Name>(message->answers[2999].data).text(), "12999.");
  EXPECT_EQ(read_message(write_message(*message))->answers, message->answers);
}

TEST(Message, H013_Opt) {
  const auto opt = [](Wire wire, std::string_view options, std::string_view owner = {"\0", 1}) {
    return wire.raw(owner).u16(41).u16(1232).u32(0x01008000).u16(static_cast<unsigned>(options.size())).raw(options);
  };
  const auto good = opt(reply(0, 0, 1), "\0\x0a\0\2xy"s);
  const auto message = read_message(good.octets);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->rcode, Rcode::badvers);
  EXPECT_EQ(message->edns, (Edns{1232, 0, true, {{10, {'x', 'y'}}}}));
  EXPECT_TRUE(message->additional.empty());
  EXPECT_EQ(why_not(opt(opt(reply(0, 0, 2), ""), "")), "more than one OPT record");
  EXPECT_EQ(why_not(opt(reply(1), "")), "OPT record outside the additional section");
  EXPECT_EQ(why_not(opt(reply(0, 1), "")), "OPT record outside the additional section");
  EXPECT_EQ(why_not(opt(reply(0, 0, 1), "", "\1x\0"s)), "OPT record with an owner that is not the root");
  EXPECT_EQ(why_not(opt(reply(0, 0, 1), "\0\x0a\0\3xy"s)), "EDNS option cut short");
  EXPECT_EQ(why_not(opt(reply(0, 0, 1), "\0\x0a\0"s)), "EDNS option cut short");
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "\0\x0a\0\0"s;
  EXPECT_EQ(read_message(opt(reply(0, 0, 1), many).octets)->edns->options.size(), 3000U);
}

TEST(Message, H030_TtlWithItsHighestBitIsZero) {  // RFC 2181 8
  for (const auto& [sent, read] : {std::pair(0U, 0U), {0x7fffffffU, 0x7fffffffU}, {0x80000000U, 0U}, {0xffffffffU, 0U}}) {
    auto wire = reply(1);
    wire.pointer(owner_at).u16(1).u16(1).u32(sent).u16(4).u32(0x01020304);
    EXPECT_EQ(read_message(wire.octets)->answers.at(0).ttl, read) << sent;
  }
}

}  // namespace
}  // namespace fcrdns::dns
