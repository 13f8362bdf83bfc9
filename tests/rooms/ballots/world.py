"""A small vote: two categories, four units, three items; and a hall to hold it in."""

from typing import Any

from bihuan.ballots import hall, services
from bihuan.ballots.models import Poll
from bihuan.ballots.services import Line
from bihuan.people.models import Post, Unit

UNITS = ("economy", "education", "enforcement", "planning")


def plan(**changes: Any) -> dict[str, Any]:
    """The plan of it; what a test wants otherwise is said by keyword."""
    table = {
        "kind": "rating",
        "title": "述职测评",
        "year": 2025,
        "categories": [
            {"code": "body", "name": "班子成员", "name_en": "Leading body", "weight": "2/5"},
            {"code": "heads", "name": "单位负责人", "name_en": "Unit heads", "weight": "3/5"},
        ],
        "items": [
            {"code": "party", "name": "抓基层党建工作"},
            {"code": "clean", "name": "党风廉政建设责任制"},
        ],
        "grades": [
            {"code": "good", "name": "好", "points": "100"},
            {"code": "fair", "name": "较好", "points": "80"},
            {"code": "average", "name": "一般", "points": "60"},
            {"code": "poor", "name": "差", "points": "40"},
        ],
        "subjects": [{"code": code, "name": f"{code}单位"} for code in UNITS],
        "cap": {"grade": "good", "most": 3},
        "own_subject": "skip",
        "blanks": "count",
        "abstain": True,
        "remarks": True,
        "method": "points",
        "bands": [
            {"code": "A", "name": "好", "score": "85"},
            {"code": "B", "name": "较好", "score": "70"},
            {"code": "C", "name": "一般"},
        ],
        "seal": "house",
    }
    return table | changes


def drawn(by: Post, **changes: Any) -> Poll:
    """A poll with a roll: nine of the leading body, sixteen heads of units."""
    poll = services.draw_up(by=by, plan=plan(**changes), title="2025年度述职测评")
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=UNITS)}
    lines = [Line(f"班子成员{n}", "body") for n in range(1, 10)]
    lines += [
        Line(f"单位负责人{n}", "heads", units[UNITS[n % 4]] if n <= 4 else None)
        for n in range(1, 17)
    ]
    services.enrol(poll, by=by, lines=lines)
    return poll


def issuing(by: Post, **changes: Any) -> Poll:
    """The same, with the door open."""
    poll = drawn(by, **changes)
    services.freeze(poll, by=by)
    return services.start_issuing(poll, by=by)


def held(clerk: Post, other: Post, chair: Post, *, seed: int = 7, **changes: Any) -> Poll:
    """A whole vote up to its close, faults included."""
    poll = issuing(clerk, **changes)
    post, report = hall.door(poll.slug), hall.Report()
    rights = hall.fill(poll, clerk=clerk, seed=seed)
    phones = hall.activate(poll, rights, post, report)
    poll = services.close_issuing(poll, by=clerk)
    poll = services.start_casting(poll, by=chair)
    hall.vote(
        poll, rights, phones, post, typists=(clerk, other), seed=seed, report=report, threads=1
    )
    assert not report.wrong
    return services.close(poll, by=chair)
