// How many names a second the classifier looks at: all labelled names of tests/generic/, generic and not, each with its
// address, on one core. Its figure goes into the last line.
#include "fcrdns/generic/generic.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "fcrdns/base/text.hpp"

using namespace fcrdns;

namespace {

struct Row {
  dns::Name name;
  net::Address address;
  bool is_generic;
};

std::vector<Row> rows_of(const std::string& file) {
  std::ifstream in(FCRDNS_SOURCE_DIR "/tests/generic/" + file);
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto cells = base::split(line, '\t');
    if (cells.size() < 3) continue;
    const auto name = dns::Name::parse(cells[0]);
    const auto address = net::Address::parse(cells[1]);
    if (name && address) rows.push_back({*name, *address, cells[2] != "custom" && cells[2] != "unknown"});
  }
  return rows;
}

/// One pass over all rows is an iteration.
void classify(benchmark::State& state, const std::vector<Row>& rows) {
  for (auto _ : state)
    for (const auto& row : rows) benchmark::DoNotOptimize(generic::classify(row.name, row.address));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()));
}

/// Prints as usual and keeps the best rate of "all".
class Keeper : public benchmark::ConsoleReporter {
 public:
  Keeper() : ConsoleReporter(OO_None) {}  // no colour
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const auto& run : runs)
      if (run.run_type == Run::RT_Iteration && run.run_name.function_name == "all")
        best = std::max(best, run.counters.at("items_per_second").value);
  }
  double best = 0;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 64;
  auto all = rows_of("rows.tsv");
  for (auto& row : rows_of("ptr_names.tsv")) all.push_back(std::move(row));
  if (all.empty()) return 1;
  std::vector<Row> named, generic_ones;
  for (const auto& row : all) (row.is_generic ? generic_ones : named).push_back(row);
  benchmark::RegisterBenchmark("all", classify, all)->Repetitions(3);
  benchmark::RegisterBenchmark("generic", classify, generic_ones);
  benchmark::RegisterBenchmark("named", classify, named);
  Keeper keeper;
  benchmark::RunSpecifiedBenchmarks(&keeper);
  std::printf("generic: %.2f million names a second on one core (%zu names)\n", keeper.best / 1e6, all.size());
  return 0;
}
