"""What is known of vehicles on the way (实情), as plain records."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """做过的一项作业：驶过哪些弧，几时到几时，多少米，用料多少（照方案）。"""

    task: int
    arcs: tuple[int, ...]
    from_s: float
    to_s: float
    m: float
    kg: float


@dataclass(frozen=True)
class Seen:
    """一台车的实情：最后听到的时刻，在哪条弧上（或停在哪个车场），何时到弧的末端，还剩多少料。"""

    vehicle: int  # place in the plan's vehicles
    at_s: float
    arc: int  # driven to its end at `free_s`; -1: it stands at `yard`
    yard: int
    free_s: float
    load_kg: float
    m: float  # driven until `free_s`, work and all
    done: tuple[Done, ...]


@dataclass(frozen=True)
class Said:
    """队伍报告做完的路：哪些弧，几时做完。"""

    arcs: tuple[int, ...]
    at_s: float


@dataclass(frozen=True, eq=False)
class Facts:
    """实情：这一段时间听得到的各车；别人报告已做、不必再派车的作业。"""

    seen: tuple[Seen, ...] = ()
    reported: tuple[int, ...] = ()
