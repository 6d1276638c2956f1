#include "fcrdns/cli/front_door.hpp"

#include <algorithm>
#include <filesystem>

#include "fcrdns/base/text.hpp"
#include "fcrdns/cli/options.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::cli {
namespace {

/// Whether this word is an option whose value stands in the next one.
bool takes_the_next(const std::string& word) {
  const auto takes = [&](const auto& row) {
    const auto flags = base::split(row.flags, ',');
    return !row.value.empty() && std::ranges::find(flags, word) != flags.end();
  };
  return std::ranges::any_of(check_options(), takes) || std::ranges::any_of(explain_options(), takes) ||
         std::ranges::any_of(common_options(), takes);
}

/// A file, a folder, a pipe given by name, or the text itself. A folder called like a host (those of web servers often
/// are) has to be a Maildir.
bool is_for_explain(const std::string& argument) {
  if (reads_like_a_message(argument)) return true;
  std::error_code ignored;
  if (argument.starts_with('-') || !std::filesystem::exists(argument, ignored)) return false;
  const bool called_like_a_host = argument.find('/') == std::string::npos && subject::parse(argument);
  return !called_like_a_host || !std::filesystem::is_directory(argument, ignored) || std::filesystem::exists(argument + "/cur", ignored);
}

/// "550", "450-4.7.25": the words of a reply, given one by one.
bool is_reply_code(const std::string& word) {
  const auto digits = word.substr(0, word.find_first_not_of("0123456789"));
  return digits.size() == 3 && (digits[0] == '4' || digits[0] == '5') && (digits.size() == word.size() || word[3] == '-');
}

/// Options are for both commands; what stands beside them is a subject, or something to read.
struct Given {
  Arguments subjects;
  bool replays = false;
};
Given given(const Arguments& arguments) {
  Given out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& argument = arguments[i];
    out.replays = out.replays || argument == "--replay" || argument.starts_with("--replay=") || argument == "--help" || argument == "-h";
    if (takes_the_next(argument)) ++i;
    else if (!argument.starts_with('-') || argument == "-") out.subjects.push_back(argument);
  }
  return out;
}

}  // namespace

bool reads_like_a_message(const std::string& text) {
  std::error_code ignored;
  return (base::words(text).size() > 1 || text.find('\n') != std::string::npos) && !std::filesystem::exists(text, ignored);
}

WayIn way_in(const Arguments& arguments) {
  const auto [subjects, replays] = given(arguments);
  if (replays) return {.arguments = arguments};
  if (subjects.size() > 1 && is_reply_code(subjects.front())) {
    std::string text;
    for (const auto& word : subjects) text += (text.empty() ? "" : " ") + word;
    return {.read = true, .unasked = true, .arguments = {text}};
  }
  return {.read = subjects.empty() || std::ranges::any_of(subjects, is_for_explain), .unasked = subjects.empty(), .arguments = arguments};
}

}  // namespace fcrdns::cli
