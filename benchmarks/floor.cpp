// The two workloads of workloads.py as fast as we know how to write them, for these two alone:
// arrivals are merged from their own array, nobody's patience is an event (a deadline is looked at
// when its line is), and the ends of service stand in a calendar of pooled entries. What a general
// machine pays for its generality is the distance to this program; `desk.cpp` is the plain one.
#include "desk.hpp"

// --- a calendar: buckets of a width, each a chain sorted by time; entry n is agent n's work ---
static const int BUCKETS = 1 << 13;
static const double WIDTH = 1.0 / 64, NEVER = 1e300;  // minutes
static int32_t first_of[BUCKETS], next_of[MOST_AGENTS];
static double ends_at[MOST_AGENTS];
static int64_t today;  // number of the bucket looked at, over all years
static int pending;

static inline void push(double at, int agent) {
  ends_at[agent] = at;
  int64_t day = int64_t(at * (1 / WIDTH));
  if (day < today) today = day;
  int32_t* link = &first_of[day & (BUCKETS - 1)];
  while (*link >= 0 && ends_at[*link] <= at) link = &next_of[*link];
  next_of[agent] = *link;
  *link = agent;
  pending++;
}

// Time of the earliest entry; `today` is its bucket then.
static inline double earliest() {
  if (!pending) return NEVER;
  for (;; today++) {
    int32_t agent = first_of[today & (BUCKETS - 1)];
    if (agent >= 0 && ends_at[agent] < double(today + 1) * WIDTH) return ends_at[agent];
  }
}

static inline int pop() {
  int32_t& head = first_of[today & (BUCKETS - 1)];
  int agent = head;
  head = next_of[agent];
  pending--;
  return agent;
}

// --- lines and idle agents: rings ---
struct Waiting { double entered, deadline; };
static const int ROOM = 1 << 16;
struct Line {
  Waiting ring[ROOM];
  uint32_t from, to;
};
static Line lines[3];
struct Idle {
  int32_t ring[MOST_AGENTS];
  uint32_t from, to;
};
static Idle idle[4];

static int team_of[MOST_AGENTS], serving[MOST_AGENTS];  // serving: queue of the agent's contact

static inline void serve(double now, double wait, int queue, int team) {
  Idle& stand = idle[team];
  int agent = stand.ring[stand.from++ & (MOST_AGENTS - 1)];
  serving[agent] = queue;
  waited += wait;
  quick += wait <= QUICK;
  push(now + exponential(MEAN[queue]), agent);
}

static inline void enter(double now, int queue) {
  entries++;
  for (int team : ROUTE[queue])
    if (team >= 0 && idle[team].from != idle[team].to) return serve(now, 0, queue, team);
  Line& line = lines[queue];
  line.ring[line.to++ & (ROOM - 1)] = {now, now + exponential(PATIENCE)};
  if (line.to - line.from == ROOM) std::abort();
}

static inline void offer(double now, int agent) {
  int team = team_of[agent];
  Idle& stand = idle[team];
  stand.ring[stand.to++ & (MOST_AGENTS - 1)] = agent;
  for (int queue = 0; queue < 3; queue++) {  // in order of priority
    if (ROUTE[queue][0] != team && ROUTE[queue][1] != team) continue;
    Line& line = lines[queue];
    while (line.from != line.to && stand.from != stand.to) {
      Waiting head = line.ring[line.from++ & (ROOM - 1)];
      if (head.deadline <= now) {
        abandoned++;
        waited += head.deadline - head.entered;
      } else {
        serve(now, now - head.entered, queue, team);
      }
    }
  }
}

int main(int argc, char** argv) {
  int64_t count = read_arguments(argc, argv);
  for (int32_t& bucket : first_of) bucket = -1;
  int agent = 0;
  for (int team = 0; team < 4; team++)
    for (int n = 0; n < SIZE[team]; n++) {
      team_of[agent] = team;
      idle[team].ring[idle[team].to++] = agent++;
    }

  std::clock_t began = std::clock();
  int64_t arrival = 0;
  while (true) {
    double comes = arrival < count ? at[arrival] : NEVER;
    double ends = earliest();
    if (comes == NEVER && ends == NEVER) break;
    if (comes < ends) {
      enter(comes, type[arrival++]);
    } else {
      int freed = pop(), queue = serving[freed];
      offer(ends, freed);
      if (queue < 2 && uniform() < escalates) enter(ends, 2);
    }
  }
  for (Line& line : lines)
    for (; line.from != line.to; line.from++) {
      Waiting& head = line.ring[line.from & (ROOM - 1)];
      abandoned++;
      waited += head.deadline - head.entered;
    }
  say(began);
}
