#include "fcrdns/scan/pipeline.hpp"

#include <utility>

#include "fcrdns/resolver/root.hpp"
#include "fcrdns/scan/prefix_list.hpp"

namespace fcrdns::scan {
namespace {

/// What is under way may take so long when a scan is to end.
constexpr base::Milliseconds last_wait{3000};

base::Expected<std::vector<net::Endpoint>> roots(const resolver::Options& options) {
  auto addresses = options.root_hints.empty() ? resolver::root_servers() : std::vector<net::Address>{};
  if (!options.root_hints.empty()) {
    auto read = resolver::read_root_hints(options.root_hints);
    if (!read) return std::unexpected(read.error());
    addresses = *std::move(read);
  }
  std::vector<net::Endpoint> servers;
  for (const auto& address : addresses)
    if (!options.transport || *options.transport == address.family()) servers.push_back({address});
  return servers;
}

}  // namespace

base::Expected<std::unique_ptr<Pipeline>> Pipeline::open(const Options& options) {
  std::unique_ptr<Pipeline> pipeline(new Pipeline(options));
  if (!options.opt_out.empty()) {
    auto prefixes = read_prefixes({}, {options.opt_out});
    if (!prefixes) return std::unexpected(prefixes.error());
    pipeline->opt_out_ = *std::move(prefixes);
  }
  auto lines = RowLines::open(options);
  if (!lines) return std::unexpected(lines.error());
  pipeline->lines_ = *std::move(lines);
  auto bulk = pipeline->make_bulk();
  if (!bulk) return std::unexpected(bulk.error());
  pipeline->bulk_ = *std::move(bulk);
  return pipeline;
}

base::Expected<std::unique_ptr<resolver::Bulk>> Pipeline::make_bulk() const {
  resolver::BulkOptions bulk{.window = options_.concurrency, .rate = options_.rate, .server_rate = options_.per_server,
                             .tries = options_.retries + 1, .transport = options_.resolver.transport};
  if (!options_.resolver.resolvers.empty()) {
    bulk.servers = options_.resolver.resolvers;
    return resolver::make_bulk_given(bulk);
  }
  auto servers = roots(options_.resolver);
  if (!servers) return std::unexpected(servers.error());
  bulk.servers = *std::move(servers);
  return resolver::make_bulk_iterate(bulk);
}

sweep::RangeOptions Pipeline::range_options(std::uint64_t key) const {
  return {.shard = options_.shard, .key = key, .prune = options_.prune, .ask_special = options_.evidence.ask_special, .opt_out = opt_out_};
}

bool Pipeline::run(sweep::Targets& targets, std::string& rows, const Watch& watch) {
  const sweep::Options options{.max_names = options_.evidence.max_names, .patience = options_.evidence.timeout, .ask_special = options_.evidence.ask_special};
  sweep::Sweep sweep(*bulk_, targets, options, [&](const sweep::Row& row, const sweep::Place& place) {
    lines_->add(rows, row);
    if (watch.done) watch.done(place);
  });
  while (sweep.turn()) {
    if (!watch.turned || watch.turned()) continue;
    sweep.stop();
    const auto end = base::steady_now() + last_wait;
    while (sweep.turn())
      if (base::steady_now() >= end) return false;
    return false;
  }
  return true;
}

}  // namespace fcrdns::scan
