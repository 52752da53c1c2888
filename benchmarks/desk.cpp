// The two workloads of engines.py as a hand-written program: a binary heap that holds every event
// (arrivals, ends of service, patience of every contact that waits), longest idle agent first.
//
// W1: one queue, one team. W2: queues x and y by teams A (x), B (y) and AB (x, y; tried after A or
// B); x before y; a share of either escalates to queue z at team C. Patience everywhere.
//
// Arguments: workload (1 or 2), file of arrivals (double minutes, then the same number of int32
// types), number of contacts, seed. Prints key=value lines; times are minutes.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <queue>
#include <vector>
#include <sys/resource.h>

static uint64_t state;
static double uniform() {  // splitmix64
  uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return ((z ^ (z >> 31)) >> 11) * 0x1p-53;
}
static double exponential(double mean) { return -mean * std::log1p(-uniform()); }

enum Kind { ENDS, ARRIVES, GIVES_UP };
struct Event {
  double at;
  int32_t contact, what;  // what: kind, agent above it
  bool operator>(const Event& other) const { return at > other.at; }
};
struct Contact {
  double entered, answered;
  int32_t queue;
  uint8_t waits, done, leg;
};

static std::vector<Event> heap_space;
static std::priority_queue<Event, std::vector<Event>, std::greater<Event>> events;
static std::vector<Contact> contacts;
static std::deque<int32_t> lines[3];
static std::deque<int32_t> idle[4];  // agents of each team, longest idle first
static int team_of[4096];
static int teams;

static const double MEAN[3] = {5.0, 5.0, 8.0}, PATIENCE = 2.0;
static double escalates;
static int ROUTE[3][2];  // teams in order, -1 none

static int taker(int queue) {
  for (int team : ROUTE[queue])
    if (team >= 0 && !idle[team].empty()) return team;
  return -1;
}

static double busy;
static void serve(double now, int32_t number, int team) {
  int agent = idle[team].front();
  idle[team].pop_front();
  Contact& contact = contacts[number];
  contact.answered = now;
  contact.waits = 0;
  double length = exponential(MEAN[contact.queue]);
  busy += length;
  events.push({now + length, number, ENDS | agent << 2});
}

static void enter(double now, int32_t number, int queue) {
  Contact& contact = contacts[number];
  contact.queue = queue;
  contact.entered = now;
  int team = taker(queue);
  if (team >= 0) {
    serve(now, number, team);
    return;
  }
  contact.waits = 1;
  lines[queue].push_back(number);
  events.push({now + exponential(PATIENCE), number, GIVES_UP | contact.leg << 2});
}

static void offer(double now, int agent) {
  int team = team_of[agent];
  idle[team].push_back(agent);
  for (int queue = 0; queue < 3; queue++) {  // in order of priority
    bool serves = ROUTE[queue][0] == team || ROUTE[queue][1] == team;
    while (serves && !lines[queue].empty() && !idle[team].empty()) {
      int32_t number = lines[queue].front();
      lines[queue].pop_front();
      if (contacts[number].waits && contacts[number].queue == queue) serve(now, number, team);
    }
  }
}

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  int workload = std::atoi(argv[1]);
  int64_t count = std::atoll(argv[3]);
  state = std::strtoull(argv[4], nullptr, 10);
  std::vector<double> at(count);
  std::vector<int32_t> type(count);
  std::FILE* file = std::fopen(argv[2], "rb");
  if (!file || std::fread(at.data(), 8, count, file) != (size_t)count ||
      std::fread(type.data(), 4, count, file) != (size_t)count)
    return 3;
  std::fclose(file);
  int sizes[4] = {240, 0, 0, 0};
  for (auto& route : ROUTE) route[0] = route[1] = -1;
  if (workload == 1) {
    ROUTE[0][0] = 0;
  } else {
    const int two[4] = {100, 100, 50, 62};  // A, B, AB, C
    for (int team = 0; team < 4; team++) sizes[team] = two[team];
    ROUTE[0][0] = 0, ROUTE[0][1] = 2, ROUTE[1][0] = 1, ROUTE[1][1] = 2, ROUTE[2][0] = 3;
    escalates = 0.15;
  }
  int agent = 0;
  for (teams = 0; teams < 4; teams++)
    for (int n = 0; n < sizes[teams]; n++) team_of[agent] = teams, idle[teams].push_back(agent++);

  std::clock_t began = std::clock();
  contacts.resize(count);
  int64_t abandoned = 0, entries = 0, quick = 0;
  double waited = 0;
  events.push({at[0], 0, ARRIVES});
  double now = 0;
  while (!events.empty()) {
    Event event = events.top();
    events.pop();
    now = event.at;
    Contact& contact = contacts[event.contact];
    switch (event.what & 3) {
      case ARRIVES: {
        int32_t next = event.contact + 1;
        if (next < count) events.push({at[next], next, ARRIVES});
        entries++;
        enter(now, event.contact, type[event.contact]);
        break;
      }
      case GIVES_UP:
        if (contact.waits && contact.leg == event.what >> 2) {
          contact.waits = 0;
          contact.done = 1;
          abandoned++;
          waited += now - contact.entered;
        }
        break;
      case ENDS: {
        double wait = contact.answered - contact.entered;
        waited += wait;
        quick += wait <= 20.0 / 60.0;
        offer(now, event.what >> 2);
        if (contact.queue < 2 && uniform() < escalates) {
          contact.leg++;
          entries++;
          enter(now, event.contact, 2);
        } else {
          contact.done = 1;
        }
      }
    }
  }
  double seconds = double(std::clock() - began) / CLOCKS_PER_SEC;
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  std::printf("seconds=%.6f\nabandoned=%.9f\nwithin_20_s=%.9f\nmean_wait=%.9f\npeak_mb=%.1f\n",
              seconds, double(abandoned) / entries, double(quick) / entries, waited / entries,
              usage.ru_maxrss / 1024.0);
}
