#include "fcrdns/base/data_files.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace fcrdns::base {
namespace detail {

struct EmbeddedFile {  // filled by the generated embedded_data.cpp
  std::string_view name;
  const char* begin;
  const char* end;
};
extern const EmbeddedFile embedded_files[];
extern const std::size_t embedded_file_count;

static std::span<const EmbeddedFile> all() { return {embedded_files, embedded_file_count}; }

}  // namespace detail

std::optional<std::string_view> data_file(std::string_view name) {
  const auto found = std::ranges::find(detail::all(), name, &detail::EmbeddedFile::name);
  if (found == detail::all().end()) return std::nullopt;
  return std::string_view(found->begin, static_cast<std::size_t>(found->end - found->begin));
}

std::vector<std::string_view> data_files(std::string_view folder) {
  std::vector<std::string_view> names;
  for (const auto& file : detail::all())
    if (file.name.starts_with(folder)) names.push_back(file.name);
  std::ranges::sort(names);
  return names;
}

}  // namespace fcrdns::base
