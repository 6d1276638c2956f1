// tests/rdap/rdap_server.py as a child of the test, and a folder of the test's own.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fcrdns::transport {

class HttpServer {
 public:
  explicit HttpServer(const std::vector<std::string>& more = {}) {
    std::array<int, 2> in{}, out{};
    EXPECT_EQ(::pipe2(in.data(), O_CLOEXEC) | ::pipe2(out.data(), O_CLOEXEC), 0);
    std::vector<std::string> words{"python3", FCRDNS_SOURCE_DIR "/tests/rdap/rdap_server.py"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::execvp(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = ::fdopen(in[1], "w");
    from_ = ::fdopen(out[0], "r");
    const auto line = read_line();
    base_ = line.substr(0, line.find(' '));
    if (base_.size() < line.size()) authority_ = line.substr(base_.size() + 1);
  }
  ~HttpServer() {
    std::fclose(to_);
    std::fclose(from_);
    ::waitpid(child_, nullptr, 0);
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] bool started() const { return !base_.empty(); }
  /// "http://127.0.0.1:PORT/" + path
  [[nodiscard]] std::string url(const std::string& path = "") const { return base_ + path; }
  [[nodiscard]] const std::string& authority() const { return authority_; }  ///< PEM file; with --tls

  /// JSON: {"requests": 1, "octets": 120, "paths": ["/ip/203.0.113.5"]}
  [[nodiscard]] std::string stats() {
    std::fputs("stats\n", to_);
    std::fflush(to_);
    return read_line();
  }
  [[nodiscard]] long requests() { return number("\"requests\": "); }
  [[nodiscard]] long octets() { return number("\"octets\": "); }

 private:
  [[nodiscard]] long number(const std::string& key) {
    const auto text = stats();
    const auto at = text.find(key);
    return at == std::string::npos ? -1 : std::strtol(text.c_str() + at + key.size(), nullptr, 10);
  }
  [[nodiscard]] std::string read_line() {
    std::string line;
    for (int c; (c = std::fgetc(from_)) != EOF && c != '\n';) line += static_cast<char>(c);
    return line;
  }

  pid_t child_ = -1;
  std::FILE *to_ = nullptr, *from_ = nullptr;
  std::string base_, authority_;
};

class TestFolder {
 public:
  TestFolder() {
    auto name = testing::TempDir() + "fcrdns-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] std::string path(const std::string& name = "") const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace fcrdns::transport
