"""How large a run is, before anything is simulated: contacts, memory, time; and what is too large.

A slip of the pen (`days: 3700`, a zero too many) would fill the memory of the machine and take the
desktop with it, or run for weeks. So memory and time are estimated from the expected volume, the
people and the days, and what does not fit is refused with its estimate; `--force` runs it all the
same.

The figures below were measured on the scenarios of this project (7 to 364 days, 20 to 1 200 agents,
700 to 800 000 entries into lines), as peaks of one replication above an idle process, and as
CPU time of one core. The estimate lies within a third of what was measured; where it errs, it
errs upwards. Whoever changes how much a replication holds at a time changes these.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ccsim.experiment.replications.executors import available_cores
from ccsim.measures.catalogue import interval_measures, known_measures
from ccsim.network.compile import compile_network
from ccsim.network.names import CHANNELS, entry_name
from ccsim.network.returns import mean_visits
from ccsim.scenario.blocks.people import HeadsFile
from ccsim.scenario.clock import LocalClock
from ccsim.scenario.tables.timetables import most_heads
from ccsim.units import SECONDS_PER_DAY, US_PER_SECOND, print_number
from ccsim.workload.lists import expected_on_day
from ccsim.workload.volumes import channel_shares, expected_volume

if TYPE_CHECKING:
    from ccsim.experiment.replications.replicate import Engine
    from ccsim.scenario.resolve import Design
    from ccsim.scenario.schema import ContactType, Team

# Bytes, at the peak of one replication of one design.
PROCESS: Final[dict[Engine, int]] = {"compiled": 200_000_000, "simpy": 100_000_000}
# An entry into a line: the compiled engine holds customers and a chunk of records at a time, the
# reference its objects and all records.
PER_ENTRY: Final[dict[Engine, int]] = {"compiled": 120, "simpy": 1_000}
PER_AGENT_DAY: Final = 1_600
PER_CELL: Final = 36  # a measure of an interval
PER_CELL_KEPT: Final = 28  # of each design: sums over replications
PER_MEASURE: Final = 100  # kept of each replication and design until the end
# With records: an entry of every design of a replication, which each worker holds, and the one that
# is being written; and bytes of their files.
PER_RECORDED: Final = 1_500
PER_RECORDED_FILE: Final = 90

# Seconds of one core.
PER_ENTRY_S: Final[dict[Engine, float]] = {"compiled": 3e-6, "simpy": 55e-6}
PER_AGENT_DAY_S: Final = 5e-5
PER_CELL_S: Final = 4e-8
PER_REPLICATION_S: Final = 0.005

LONGEST: Final = 86_400.0  # seconds: what takes more than a day is asked for twice
# Seconds of work left from which starting processes pays, the workers of the reference engine.
# Those of the compiled engine are threads, for it holds no lock: they cost nothing to start.
WORTH_PROCESSES: Final = 4.0


@dataclass(frozen=True, slots=True)
class Size:
    """The estimate of a run. `contacts` and `entries` (into lines) are those of one replication of
    the largest design; bytes and seconds as all workers need them, where as many replications are
    played as may be (`most`)."""

    contacts: float
    entries: float
    agents: int
    days: int
    designs: int
    replications: int
    workers: int
    fitting: int  # workers that the free memory has room for
    memory: float  # bytes at the peak, of all workers
    seconds: float
    most: int = 0  # replications that may be played in the end; 0: those are all
    recorded: float = 0.0  # bytes of the files of records

    @property
    def words(self) -> str:
        """`100 replications of 3 designs, each about 1 700 contacts in 7 days by 26 agents`."""
        designs = "one design" if self.designs == 1 else f"{self.designs} designs"
        count = _count(self.replications, "replication")
        if self.most > self.replications:
            count = f"{print_number(self.replications, ' ')} to {_count(self.most, 'replication')}"
        return (
            f"{count} of {designs}, each about "
            f"{_rounded(self.contacts)} contacts in {_count(self.days, 'day')} by "
            f"{_count(self.agents, 'agent')}"
        )


def size_of(
    designs: Mapping[str, Design],
    replications: int,
    engine: Engine,
    workers: int | None,
    *,
    most: int = 0,
    records: bool = False,
    lacking: int | None = None,
) -> Size:
    """Estimates a run of these designs.

    most: as many replications there may be in the end. records: they are kept. lacking:
    replications that the store does not hold (None: all). workers: None is as many as there are
    cores, where there is work for them, and no more than fit into the free memory.
    """
    most = max(most, replications)
    lacking = most if lacking is None else lacking
    load = _load_of(designs)
    peak: float = PER_CELL * load.cells
    if lacking:  # what the store holds is read, a replication at a time
        peak += PER_ENTRY[engine] * load.entries + PER_AGENT_DAY * load.agents * load.days
    kept: float = PER_MEASURE * load.measures * load.designs * most
    kept += PER_CELL_KEPT * load.cells * load.designs
    recorded = PER_RECORDED * load.all_entries if records else 0.0
    seconds = lacking * load.seconds(engine)
    threads = engine == "compiled"
    # a process of its own for each worker, beside the one that starts them; or only its contents
    own = peak + recorded
    start, one = (PROCESS[engine], own) if threads else (0, PROCESS[engine] + own)
    if most > 1:  # while one is written, the next is played
        kept += recorded
    fitting = _fitting(start + kept, one, 0 if threads else 1)
    if workers is None:
        wanted = max(1, min(available_cores(), lacking))
        if not threads and seconds <= WORTH_PROCESSES:
            wanted = 1
        workers = min(wanted, fitting)
    held = workers if threads or workers == 1 else workers + 1
    return Size(
        contacts=load.contacts,
        entries=load.entries,
        agents=load.agents,
        days=load.days,
        designs=load.designs,
        replications=replications,
        workers=workers,
        fitting=fitting,
        memory=start + held * one + kept,
        seconds=seconds / workers,
        most=most,
        recorded=PER_RECORDED_FILE * load.all_entries * replications if records else 0.0,
    )


def too_large(size: Size, free: float | None, disk: float | None = None) -> str | None:
    """Why a run is refused, in one sentence with its estimate and what would help; None where it
    fits. `free` and `disk`: bytes of memory that the machine has for it, and of disk for its
    records; None where nobody knows."""
    smaller = "fewer days, contacts or people at a time"
    if free is not None and size.memory > free:
        fewer = "" if size.workers == 1 else ", or fewer --workers"
        fewer += ", or leave out --keep-records" if size.recorded else ""
        kept = (
            f", {_fewer_replications(size)}" if max(size.replications, size.most) > 10_000 else ""
        )
        return (
            f"too large for this machine: {size.words}, would take about {_bytes(size.memory)} of "
            f"memory with {_count(size.workers, 'worker')}, and {_bytes(free)} are free; "
            f"simulate {smaller}{kept}{fewer}; --force runs it all the same"
        )
    if disk is not None and size.recorded > disk:
        return (
            f"too large for this disk: {size.words}, would write about {_bytes(size.recorded)} of "
            f"records, and {_bytes(disk)} are free; simulate {smaller}, fewer replications (-n), "
            "or leave out --keep-records; --force runs it all the same"
        )
    if size.seconds > LONGEST:
        upto = "would take up to" if size.most > size.replications else "would take about"
        return (
            f"too large to be meant: {size.words}, {upto} "
            f"{_rounded(size.seconds / SECONDS_PER_DAY)} days on "
            f"{_count(size.workers, 'core')}; simulate {smaller}, or {_fewer_replications(size)} "
            "or designs; --force runs it all the same"
        )
    return None


def _fewer_replications(size: Size) -> str:
    option = "--at-most" if size.most > size.replications else "-n"
    return f"fewer replications ({option})"


def available_memory() -> float | None:
    """Bytes that this process and its workers may still take: what the system has free, and what a
    container leaves; None where the system does not say."""
    found = [size for size in (_free_of_system(), _left_of_container()) if size is not None]
    return min(found, default=None)


def free_disk(where: Path) -> float | None:
    """Bytes that may still be written to a folder, which need not be there yet; None where the
    system does not say."""
    with suppress(OSError):
        there = next(
            each for each in (where.absolute(), *where.absolute().parents) if each.exists()
        )
        return float(shutil.disk_usage(there).free)
    return None


def _free_of_system() -> float | None:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024
    with suppress(
        AttributeError, OSError, ValueError
    ):  # all there is, where nobody says what is free
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    return None


def _left_of_container(root: Path = Path("/sys/fs/cgroup")) -> float | None:
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        with suppress(OSError, ValueError):  # no container, or "max": no limit
            most = float((root / limit).read_text(encoding="ascii"))
            return max(0.0, most - float((root / used).read_text(encoding="ascii")))
    return None


def _fitting(start: float, one: float, beside: int) -> int:
    """Workers of so many bytes that fit beside the start, and `beside` more such; at least 1."""
    free = available_memory()
    cores = available_cores()
    return cores if free is None else max(1, min(cores, int((free - start) / one) - beside))


# --- what is expected -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Load:
    """What one replication of all designs holds."""

    designs: int
    days: int
    contacts: float  # first attempts in the largest design
    entries: float  # into lines, in that design
    all_entries: float  # in all designs together
    agents: int  # in the design with most
    all_agents: int
    cells: int  # measures by interval
    measures: int

    def seconds(self, engine: Engine) -> float:
        """CPU time of one core."""
        return (
            PER_ENTRY_S[engine] * self.all_entries
            + PER_AGENT_DAY_S * self.all_agents * self.days
            + self.designs * (PER_CELL_S * self.cells + PER_REPLICATION_S)
        )


def _load_of(designs: Mapping[str, Design]) -> _Load:
    clock = LocalClock(next(iter(designs.values())).scenario.calendar)
    volumes: dict[str, float] = {}
    by_type = {name: _contacts(each, clock, volumes) for name, each in designs.items()}
    contacts = {name: sum(types.values()) for name, types in by_type.items()}
    largest = max(contacts, key=lambda name: contacts[name])
    entries = _entries(designs[largest], by_type[largest])
    agents = [
        sum(_heads(each, team) for team in each.scenario.teams.values())
        for each in designs.values()
    ]
    scenario = designs[largest].scenario
    intervals = clock.days * (SECONDS_PER_DAY * US_PER_SECOND // clock.interval_us)
    return _Load(
        designs=len(designs),
        days=clock.days,
        contacts=contacts[largest],
        entries=entries,
        all_entries=entries / max(contacts[largest], 1.0) * sum(contacts.values()),
        agents=max(agents),
        all_agents=sum(agents),
        cells=intervals * len(interval_measures(scenario)),
        measures=len(known_measures(scenario)),
    )


def _contacts(design: Design, clock: LocalClock, known: dict[str, float]) -> dict[str, float]:
    """First attempts of each type in one replication, as stated. `known`: those of types that
    other designs have too."""
    found = {}
    for name, contact in design.scenario.contacts.items():
        key = f"{contact.arrivals!r} {contact.outbound!r}"
        if key not in known:
            known[key] = _of_type(design, contact, clock)
        blocks = [contact.on(channel) for channel in CHANNELS]
        backlogs = [block.backlog for block in blocks if block is not None]
        found[name] = known[key] + sum(each.contacts for each in backlogs if each is not None)
    return found


def _of_type(design: Design, contact: ContactType, clock: LocalClock) -> float:
    arrivals, days = contact.arrivals, range(clock.days)
    if arrivals.trace is not None:
        total = float(len(next(iter(design.files[arrivals.trace].columns.values()), ())))
    else:
        total = sum(expected_volume(arrivals, clock, day) for day in days)
    if arrivals.incident is not None:
        total += arrivals.incident.probability * arrivals.incident.contacts * clock.days
    if contact.outbound is not None:
        total += sum(expected_on_day(contact.outbound, clock, day) for day in days)
    return total


def _entries(design: Design, contacts: Mapping[str, float]) -> float:
    """Entries into lines of so many contacts of each type, when nobody gives up."""
    network = compile_network(design)
    visits = mean_visits(network).sum(axis=1)
    index = {queue.name: i for i, queue in enumerate(network.queues)}
    entries = 0.0
    for name, number in contacts.items():
        block = design.scenario.contacts[name]
        for channel, share in channel_shares(block).items():
            first = index.get(entry_name(design.scenario, name, channel))
            entries += number * share * (visits[first] if first is not None else visits.max())
    return entries


def _heads(design: Design, team: Team) -> int:
    """People of a team; of one staffed by the hour the most on duty."""
    if isinstance(team.staffing, HeadsFile):
        return team.staffing.heads(most_heads(design.files[team.staffing.file].columns))
    if team.staffing is not None:
        return max(team.staffing, default=0)
    if team.duty_log is not None:
        return len(set(design.files[team.duty_log].columns["agent"]))
    if team.people is not None:
        return team.people
    return sum(count for count in (team.roster or {}).values() if isinstance(count, int))


# --- words ----------------------------------------------------------------------------------------
def _count(number: int, one: str, plural: str = "s") -> str:
    return f"{print_number(number, ' ')} {one}{'' if number == 1 else plural}"


def _rounded(value: float) -> str:
    """Two digits say what an estimate knows: 1 700, 62 000 000."""
    whole = float(f"{value:.2g}")
    return print_number(whole if whole < 10 else int(whole), " ")


def _bytes(size: float) -> str:
    gigabytes = size / 1e9
    return f"{_rounded(gigabytes)} GB" if gigabytes >= 1 else f"{_rounded(size / 1e6)} MB"
