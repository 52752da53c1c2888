// The two workloads of workloads.py as a hand-written program: a binary heap that holds every event
// (arrivals, ends of service, patience of every contact that waits), longest idle agent first.
//
// W1: one queue, one team. W2: queues x and y by teams A (x), B (y) and AB (x, y; tried after A or
// B); x before y; a share of either escalates to queue z at team C. Patience everywhere.
#include "desk.hpp"

#include <deque>
#include <queue>

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

static std::priority_queue<Event, std::vector<Event>, std::greater<Event>> events;
static std::vector<Contact> contacts;
static std::deque<int32_t> lines[3];
static std::deque<int32_t> idle[4];  // agents of each team, longest idle first
static int team_of[MOST_AGENTS];

static int taker(int queue) {
  for (int team : ROUTE[queue])
    if (team >= 0 && !idle[team].empty()) return team;
  return -1;
}

static void serve(double now, int32_t number, int team) {
  int agent = idle[team].front();
  idle[team].pop_front();
  Contact& contact = contacts[number];
  contact.answered = now;
  contact.waits = 0;
  events.push({now + exponential(MEAN[contact.queue]), number, ENDS | agent << 2});
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
  int64_t count = read_arguments(argc, argv);
  int agent = 0;
  for (int team = 0; team < 4; team++)
    for (int n = 0; n < SIZE[team]; n++) team_of[agent] = team, idle[team].push_back(agent++);

  std::clock_t began = std::clock();
  contacts.resize(count);
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
        quick += wait <= QUICK;
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
  say(began);
}
