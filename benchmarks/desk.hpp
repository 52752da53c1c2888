// What the hand-written programs share: draws, the workloads' numbers, arguments, and what is said.
//
// Arguments: workload (1 or 2), file of arrivals (double minutes, then the same number of int32
// types), number of contacts, seed. Prints key=value lines; times are minutes.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

static const double MEAN[3] = {5.0, 5.0, 8.0}, PATIENCE = 2.0, QUICK = 20.0 / 60.0;
static const int MOST_AGENTS = 4096;

static uint64_t state;
static inline double uniform() {  // splitmix64
  uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return ((z ^ (z >> 31)) >> 11) * 0x1p-53;
}
static inline double exponential(double mean) { return -mean * std::log1p(-uniform()); }

static int ROUTE[3][2];  // teams in order, -1 none
static int SIZE[4];
static double escalates;

static std::vector<double> at;
static std::vector<int32_t> type;

static int64_t abandoned, entries, quick;
static double waited;

static int64_t read_arguments(int argc, char** argv) {
  if (argc < 5) std::exit(2);
  int64_t count = std::atoll(argv[3]);
  state = std::strtoull(argv[4], nullptr, 10);
  at.resize(count);
  type.resize(count);
  std::FILE* file = std::fopen(argv[2], "rb");
  if (!file || std::fread(at.data(), 8, count, file) != (size_t)count ||
      std::fread(type.data(), 4, count, file) != (size_t)count)
    std::exit(3);
  std::fclose(file);
  for (auto& route : ROUTE) route[0] = route[1] = -1;
  if (std::atoi(argv[1]) == 1) {
    ROUTE[0][0] = 0;
    SIZE[0] = 240;
  } else {
    const int sizes[4] = {100, 100, 50, 62};  // A, B, AB, C
    for (int team = 0; team < 4; team++) SIZE[team] = sizes[team];
    ROUTE[0][0] = 0, ROUTE[0][1] = 2, ROUTE[1][0] = 1, ROUTE[1][1] = 2, ROUTE[2][0] = 3;
    escalates = 0.15;
  }
  return count;
}

// The most memory this program had, not what its parent had before it (getrusage's, on Linux).
static double peak_mb() {
  double kilobytes = 0;
  char line[256];
  if (std::FILE* status = std::fopen("/proc/self/status", "r")) {
    while (std::fgets(line, sizeof line, status))
      if (!std::strncmp(line, "VmHWM:", 6)) kilobytes = std::atof(line + 6);
    std::fclose(status);
  }
  return kilobytes / 1024;
}

static void say(std::clock_t began) {
  double seconds = double(std::clock() - began) / CLOCKS_PER_SEC;
  std::printf("seconds=%.6f\nabandoned=%.9f\nwithin_20_s=%.9f\nmean_wait=%.9f\npeak_mb=%.1f\n",
              seconds, double(abandoned) / entries, double(quick) / entries, waited / entries,
              peak_mb());
}
