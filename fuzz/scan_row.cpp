// A row of an earlier scan, from whoever wrote it: what is read lies within the line, and its words are known ones.
#include "fcrdns/sweep/row.hpp"

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto line = fuzz::text_of(data, size);
  const auto read = sweep::read_row(line);
  if (!read || !*read) return 0;
  for (const auto column : {(*read)->confirmed, (*read)->names, (*read)->detail})
    fuzz::require(column.empty() || (column.data() >= line.data() && column.data() + column.size() <= line.data() + line.size()));
  fuzz::require((*read)->iprev.has_value() && (*read)->notes.size() < 24);
  return 0;
}
