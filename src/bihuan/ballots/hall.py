"""A simulated hall (模拟会场): phones, slips and papers through the real doors, with faults.

For rehearsals, the demonstration and load. Marks are drawn from a seed; tokens, seals and codes
from the machine's own randomness, as in a real hall.
"""

import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.utils import translation

from bihuan.ballots import queries, services
from bihuan.ballots.models import Poll
from bihuan.engines.tally import blind
from bihuan.engines.tally.phone import Phone
from bihuan.engines.tally.plan import ABSTAIN, BLANK, OWN, Plan
from bihuan.people.models import Post

Send = Callable[[str, Mapping[str, Any]], tuple[int, dict[str, Any]]]
Tell = Callable[[int, int, str], None]

# Shares of the hall that meet each fault, and what a real hall would call it.
FAULTS = {
    "lost_answer": 0.10,  # the answer does not arrive; the phone sends the same again
    "twice": 0.05,  # two taps, two tabs
    "changed_mind": 0.03,  # another ballot with the same right: refused
    "dead_phone": 0.02,  # never votes
    "wrong_code": 0.02,
}
THREADS = 6


@dataclass
class Report:
    """What happened in the hall, as the phones saw it."""

    voters: int = 0
    phones: int = 0
    slips: int = 0
    papers: int = 0
    cast: int = 0
    not_cast: int = 0
    met: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Right:
    """One person's strip."""

    number: int
    category: str
    code: str
    kind: str  # token, slip, paper


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


def door(slug: str) -> Send:
    """Posts JSON to a door of this house without a network between."""

    def post(name: str, said: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        body = json.dumps(said).encode()
        status: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/b/{slug}/{name}/",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }

        def started(line: str, _headers: Any, _fault: Any = None, /) -> Callable[[bytes], object]:
            status.append(line)
            return io.BytesIO().write  # Django gives its content back instead

        # A request leaves its own language behind in the thread.
        with translation.override(translation.get_language()):
            answer = _handler()(environ, started)
            content = b"".join(answer)
            answer.close()
        return int(status[0].split()[0]), dict(json.loads(content))

    return post


def marks_for(plan: Plan, chance: random.Random, own: str = "") -> dict[str, dict[str, str]]:
    """One rater's marks: plausible, within the cap and the rule of the own unit."""
    grades = [grade.code for grade in plan.grades]
    weights = [0.46, 0.36, 0.13, 0.05][: len(grades)] + [0.02] * (len(grades) - 4)
    marks: dict[str, dict[str, str]] = {}
    subjects = list(plan.rated)
    chance.shuffle(subjects)
    given: Counter[str] = Counter()
    for subject in subjects:
        skipped = plan.own_subject == "skip" and subject.code == own
        row = {}
        for item in plan.items:
            mark = OWN if skipped else chance.choices(grades, weights)[0]
            if not skipped and plan.abstain and chance.random() < 0.02:
                mark = ABSTAIN
            if not skipped and plan.blanks == "count" and chance.random() < 0.01:
                mark = BLANK
            key = item.code if plan.cap and plan.cap.per == "item" else ""
            if plan.cap and mark == plan.cap.grade:
                if given[key] >= plan.cap.most:
                    mark = grades[1]
                given[key] += mark == plan.cap.grade
            row[item.code] = mark
        marks[subject.code] = row
    return marks


def fill(
    poll: Poll,
    *,
    clerk: Post | None,
    seed: int,
    slips: float = 0.1,
    papers: float = 0.05,
    absent: float = 0.03,
) -> list[Right]:
    """签到发票：most by phone, some by slip, a few on paper; some people do not come."""
    chance = random.Random(seed)
    rights: list[Right] = []
    for category in [one["code"] for one in poll.plan["categories"]]:
        voters = list(queries.voters(poll).filter(category=category))
        kinds = chance.choices(
            ["absent", "slip", "paper", "token"],
            [absent, slips, papers, 1 - absent - slips - papers],
            k=len(voters),
        )
        wanted = sum(kind in ("slip", "paper") for kind in kinds)
        codes = (
            services.print_slips(poll, by=clerk, category=category, count=wanted) if wanted else []
        )
        chance.shuffle(codes)
        for voter, kind in zip(voters, kinds, strict=True):
            if kind == "absent":
                continue
            given = "token" if kind == "token" else "slip"
            code = services.check_in(poll, by=clerk, voter=voter, given=given) or codes.pop()
            rights.append(Right(voter.number, category, code, kind))
    return rights


def activate(poll: Poll, rights: Iterable[Right], post: Send, report: Report) -> dict[int, Phone]:
    """Each phone has its token signed; some ask twice, as after a lost answer."""
    fixed = queries.fixed(poll.slug)
    own, station = fixed.keys["tokens"], fixed.keys.get("station", {})
    phones: dict[int, Phone] = {}
    for right in rights:
        if right.kind == "paper":
            continue
        keys = [blind.PublicKey.from_plain(own[right.category])]
        if right.category in station:
            keys.append(blind.PublicKey.from_plain(station[right.category]))
        phone = Phone(
            right.code, fixed.box, right.category, keys, bytes.fromhex(fixed.keys["seal"])
        )
        phones[right.number] = phone
        if right.kind == "slip":
            continue
        status, answer = post("issue", phone.ask())
        again, same = post("issue", phone.ask())
        if status != 200 or again != 200 or same != answer:
            report.wrong.append(f"issue {status} {again}")
            continue
        phone.take(answer["signatures"])
    return phones


def vote(
    poll: Poll,
    rights: Sequence[Right],
    phones: Mapping[int, Phone],
    post: Send,
    *,
    typists: tuple[Post | None, Post | None],
    seed: int,
    report: Report,
    faults: bool = True,
    threads: int = THREADS,
    tell: Tell | None = None,
) -> Report:
    """Everybody votes, several at once; with `faults` some of them run into trouble."""
    fixed = queries.fixed(poll.slug)
    units = _units(poll)
    report.voters = poll.voters.count()

    def one(right: Right) -> tuple[str, list[str], str]:
        chance = random.Random(f"{seed}/{right.number}")
        marks = marks_for(fixed.plan, chance, units.get(right.number, ""))
        if right.kind == "paper":
            return _paper(poll, right, marks, typists)
        return _phone(right, phones[right.number], marks, post, chance, faults)

    for number, (right, told) in enumerate(_each(one, rights, threads), start=1):
        receipt, met, wrong = told
        report.met.update(met)
        report.phones += right.kind == "token"
        report.slips += right.kind == "slip"
        report.papers += right.kind == "paper"
        report.cast += bool(receipt)
        report.not_cast += not receipt
        if receipt and receipt != "paper":
            report.receipts.append(receipt)
        if wrong:
            report.wrong.append(wrong)
        if tell:
            tell(number, len(rights), "")
    return report


def _each(
    one: Callable[[Right], tuple[str, list[str], str]], rights: Sequence[Right], threads: int
) -> Iterator[tuple[Right, tuple[str, list[str], str]]]:
    """Each right with what became of it, several at a time; one thread stays in this one."""
    if threads == 1:
        yield from ((right, one(right)) for right in rights)
        return

    def alone(right: Right) -> tuple[str, list[str], str]:
        try:
            return one(right)
        finally:
            connections.close_all()  # this thread's own

    with ThreadPoolExecutor(threads) as pool:
        yield from zip(rights, pool.map(alone, rights), strict=True)


def _units(poll: Poll) -> dict[int, str]:
    rows = poll.voters.exclude(unit=None).values_list("number", "unit__code")
    return dict(rows)


def _phone(
    right: Right,
    phone: Phone,
    marks: Mapping[str, Mapping[str, str]],
    post: Send,
    chance: random.Random,
    faults: bool,
) -> tuple[str, list[str], str]:
    met = [name for name, share in FAULTS.items() if faults and chance.random() < share]
    if right.kind != "slip" and "wrong_code" in met:
        met.remove("wrong_code")  # only who types a code can mistype it
    if "dead_phone" in met:
        return "", ["dead_phone"], ""
    cast = phone.cast_slip if right.kind == "slip" else phone.cast
    if "wrong_code" in met:
        status, _answer = post("cast", {**cast(phone.seal(marks)), "slip": "ZZZZ-ZZZZ-ZZZZ"})
        if status not in (404, 429):
            return "", met, f"a wrong code was answered {status}"
    sent = cast(phone.seal(marks))
    status, answer = post("cast", sent)
    if status != 200:
        return "", met, f"cast {status} {answer.get('sentences')}"
    for name in ("lost_answer", "twice"):
        if name in met:
            again, same = post("cast", sent)
            if again != 200 or same["receipt"] != answer["receipt"]:
                return answer["receipt"], met, f"{name}: {again}"
    if "changed_mind" in met:
        other, _answer = post("cast", cast(phone.seal(marks)))
        if other != 409:
            return answer["receipt"], met, f"a second ballot was answered {other}"
    return answer["receipt"], met, ""


def _paper(
    poll: Poll,
    right: Right,
    marks: Mapping[str, Mapping[str, str]],
    typists: tuple[Post | None, Post | None],
) -> tuple[str, list[str], str]:
    first, second = typists
    said = [
        services.type_paper(poll, by=by, slip=right.code, marks=marks) for by in (first, second)
    ]
    return ("paper", [], "") if said == ["first", "matched"] else ("", [], f"paper {said}")
