"""A plan as far as it has come (在建的网络): what is done is fixed, what is left may still vary."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bihuan.engines.schedule.network import LINKS, Activity, Bound, Link, Network, network
from bihuan.exchange.schedules.counting import Counted
from bihuan.exchange.schedules.plan import Progress, Reported


@dataclass(frozen=True, eq=False)
class Standing:
    """状态日的网络，以及各活动已经用去、不再变化的工作格数。"""

    network: Network
    settled: Mapping[str, int]


def standing(found: Counted, period: Reported) -> Standing:
    """The network on a status day.

    What has begun keeps its real start, whatever the links say; what it has used is settled, and of
    its planned duration as much is left as is not done. What has not begun starts on the status day
    at the earliest.
    """
    net, axis = found.network, found.axis
    today = axis.tick(period.on)
    activities, settled, begun = [], {}, set()
    for place, (task, planned) in enumerate(zip(found.leaves, net.durations, strict=True)):
        own = found.network.calendars[net.calendar[place]]
        name = next(key for key, one in found.calendars.items() if one is own)
        row = period.progress.get(task.code, Progress(0.0, 0.0))
        base = Activity(task.code, int(planned), task.name, name, task.owner, net.bounds[place])
        if row.start is None:
            activities.append(replace(base, bounds=(*base.bounds, Bound("start_from", today))))
            continue
        start = axis.tick(row.start)
        done = row.done >= 1
        passed = max(own.between(start, today), 0)
        used = passed if row.minutes is None else round(row.minutes / axis.minutes)
        # What is under way goes on from today, even where it has rested.
        used, left = (used, 0) if done else (max(used, passed), _left(int(planned), row.done))
        activities.append(
            replace(base, duration=used + left, bounds=(Bound("start_from", own.opens(start)),))
        )
        settled[task.code] = used
        begun.add(place)
    names = list(found.calendars)
    links = [
        Link(
            net.codes[net.before[link]],
            net.codes[net.after[link]],
            LINKS[net.kinds[link]],
            int(net.lags[link]),
            names[net.lag_calendar[link]],
        )
        for link in range(len(net.before))
        if int(net.after[link]) not in begun
    ]
    return Standing(network(activities, links, calendars=found.calendars, start=net.start), settled)


def _left(planned: int, done: float) -> int:
    """The share of the plan that is not done, a tick at least."""
    return max(int(np.ceil(planned * (1 - done) - 1e-6)), 1)
