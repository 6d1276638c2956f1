// Validating recursion from the root inside the process, by libunbound (RFC 1034 5.3.3, RFC 4035 4).
//
// What libunbound's result cannot say by itself is read from the reply it built: an empty NOERROR counts as NODATA only
// with the zone's SOA, else as `lame`. REFUSED, NOTIMP and FORMERR of servers, and aliases in a ring, come out of it as
// SERVFAIL. Its own patience with silent servers is half a minute, so the caller's deadline cancels it.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/resolver/on_loop.hpp"
#include "fcrdns/resolver/options.hpp"

struct ub_ctx;
struct ub_result;

namespace fcrdns::resolver {

class Recursion final : public OnLoop {
 public:
  /// A zone that is asked at this server, on whatever port, instead of where the delegations from the root lead.
  struct Stub {
    std::string zone;
    net::Endpoint server;
  };
  /// Borrows the loop. Of the options all but `resolvers` and `resolv_conf` count. A Fault names the file or option
  /// that libunbound cannot use.
  static base::Expected<std::unique_ptr<Recursion>> make(transport::Loop& loop, const Options& options,
                                                         const std::vector<Stub>& stubs = {});
  ~Recursion() override;
  void ask(dns::Question question, base::SteadyTime deadline, Done done) override;

 private:
  struct Asked;
  struct Result;
  explicit Recursion(transport::Loop& loop);
  base::Expected<void> configure(const Options& options, const std::vector<Stub>& stubs);
  void collect();
  void end(Asked& asked, Answer answer);
  static void on_result(void* asked, int error, ub_result* result);
  [[nodiscard]] Answer read(const Asked& asked, int error, const ub_result* result) const;

  std::unique_ptr<ub_ctx, void (*)(ub_ctx*)> context_;
  bool dnssec_ = true;
  std::list<Asked> asked_;
  std::vector<Result> results_;  ///< that libunbound has handed over and nobody has read yet
  std::unique_ptr<transport::Pending> readable_;
};

}  // namespace fcrdns::resolver
