"""Pages of the hall: the rater's, the screen's, the one where anybody checks."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from secrets import compare_digest
from typing import Any, TypeVar, cast

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ballots import bridge, queries, rules, services, words
from bihuan.ballots.models import Poll
from bihuan.ballots.queries import named
from bihuan.base.errors import NotFound
from bihuan.engines.tally.box import Receipt
from bihuan.jobs.rules import canonical


@dataclass(frozen=True)
class Rate:
    """投票页：脚本读 `declared`；没有脚本的手机用表单。"""

    title: str
    phase: str
    phase_words: str
    declared: Mapping[str, Any]
    slip_url: str
    rehearsal: bool
    sample: bool


def rate(slug: str) -> Rate:
    """The rater's page, whatever the phase."""
    poll = queries.poll(slug)
    fixed = queries.fixed(slug)
    plan = fixed.plan.plain()
    keys = fixed.keys
    stations = keys.get("station", {})
    declared = {
        "box": fixed.box_id,
        "slug": slug,
        "title": poll.label(),
        "plan": poll.plan_digest,
        "phase": poll.phase,
        "kind": plan["kind"],
        "categories": {
            category["code"]: {
                "name": named(category),
                "keys": [
                    keys["tokens"][category["code"]],
                    *([stations[category["code"]]] if category["code"] in stations else []),
                ],
            }
            for category in plan["categories"]
        },
        "subjects": [
            {**subject, "name": named(subject)} for subject in plan["subjects"] if subject["rated"]
        ],
        "items": [{**item, "name": named(item)} for item in plan["items"]],
        "grades": [{**grade, "name": named(grade)} for grade in plan["grades"]],
        **{
            name: plan[name]
            for name in (
                *("cap", "own_subject", "blanks", "abstain", "signers"),
                *("remarks", "remark_most"),
            )
        },
        "seal": keys["seal"],
        "words": {key: _(sentence) for key, sentence in words.CLIENT.items()},
        "urls": {
            name: reverse(f"ballots:{name}", args=[slug])
            for name in ("right", "issue", "cast", "state", "check", "bundle")
        },
    }
    return Rate(
        title=poll.label(),
        phase=poll.phase,
        phase_words=_(rules.PHASES[poll.phase]),
        declared=declared,
        slip_url=reverse("ballots:slip", args=[slug]),
        rehearsal=poll.rehearsal,
        sample=poll.sample,
    )


def printed_rules(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """How to fill in the ballot, in the sentences that also stand on paper."""
    told = []
    if cap := plan["cap"]:
        grade = next(named(one) for one in plan["grades"] if one["code"] == cap["grade"])
        told.append(
            _("每一项最多评 %(most)d 个“%(grade)s”，多评的整张作废。")
            % {"most": cap["most"], "grade": grade}
            if cap["per"] == "item"
            else _("全票最多评 %(most)d 个“%(grade)s”，多评的整张作废。")
            % {"most": cap["most"], "grade": grade}
        )
    if plan["own_subject"] == "skip":
        told.append(_("不评本单位：请在本单位选“本单位”。"))
    told.append(
        {
            "count": _("可以留空，留空的另计。"),
            "void_item": _("留空的那一项作废，其余算数。"),
            "void_ballot": _("不能留空，留空的整张作废。"),
        }[plan["blanks"]]
    )
    if plan["remarks"]:
        told.append(_("意见不记名，请不要写自己的姓名，也不要写别人一看就知道是谁的话。"))
    return tuple(told)


# A thousand phones ask the same at once: one answer a second serves them all.
_kept: dict[tuple[str, ...], tuple[float, Any]] = {}
_KEPT_S = 1.0
Answer = TypeVar("Answer")


def for_a_second(key: tuple[str, ...], make: Callable[[], Answer]) -> Answer:
    """What `make` gives, or gave within the last second; keys name what everybody may see."""
    kept = _kept.get(key)
    if kept is None or time.monotonic() - kept[0] >= _KEPT_S:
        kept = _kept[key] = (time.monotonic(), make())
    return cast(Answer, kept[1])


def state(slug: str) -> dict[str, Any]:
    """Phase, turnout in whole steps, size and root of the log."""
    return for_a_second(("state", slug), lambda: _state(slug))


def _state(slug: str) -> dict[str, Any]:
    poll = queries.poll(slug)
    turnout, issued = queries.turnout(poll)
    answer: dict[str, Any] = {"phase": poll.phase, "cast": turnout, "issued": issued}
    if rules.reached(poll.phase, "closed"):
        answer |= _head(poll)
    return answer


def _head(poll: Poll) -> dict[str, Any]:
    """Size and root as they stand in the log's newest head."""
    head = poll.head or {}
    return {"size": head.get("size", 0), "root": head.get("root", "")}


@dataclass(frozen=True)
class Choice:
    """One grade that can be chosen for one unit and item."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Line:
    """One item of one unit."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Block:
    """One unit: its items, and a field for a remark where the plan allows one."""

    name: str
    lines: tuple[Line, ...]
    remark: str
    remark_value: str


@dataclass(frozen=True)
class Sheet:
    """没有脚本时的票面：全部单位在一页上。"""

    title: str
    category: str
    code: str
    blocks: tuple[Block, ...]
    rules: tuple[str, ...]
    faults: tuple[str, ...]
    action: str
    rehearsal: bool
    sample: bool


def sheet(
    slug: str,
    code: str,
    *,
    marks: Mapping[str, Mapping[str, str]] | None = None,
    remarks: Mapping[str, str] | None = None,
    faults: Iterable[Any] = (),
) -> Sheet:
    """The ballot as a plain form; what was chosen stays. Raises NotFound for a wrong code."""
    kind, category = services.right(slug, slip=code)
    if kind == "ticket":
        raise NotFound(
            _("这是手机票，要在能运行脚本的浏览器里用。您的手机不行的，请到会务台换一张纸票。")
        )
    poll, plan = queries.poll(slug), queries.fixed(slug).plan.plain()
    given, said = marks or {}, remarks or {}
    blocks = tuple(
        Block(
            name=named(subject),
            lines=tuple(
                Line(
                    name=f"m-{subject['code']}-{item['code']}",
                    label=named(item),
                    choices=_choices(plan, given.get(subject["code"], {}).get(item["code"], "")),
                )
                for item in plan["items"]
            ),
            remark=f"r-{subject['code']}" if plan["remarks"] else "",
            remark_value=said.get(subject["code"], ""),
        )
        for subject in plan["subjects"]
        if subject["rated"]
    )
    return Sheet(
        title=poll.label(),
        category=next(named(c) for c in plan["categories"] if c["code"] == category),
        code=code,
        blocks=blocks,
        rules=printed_rules(plan),
        faults=tuple(str(fault) for fault in faults),
        action=reverse("ballots:slip", args=[slug]),
        rehearsal=poll.rehearsal,
        sample=poll.sample,
    )


def paper(slug: str, code: str) -> Sheet:
    """The same page for the two who type a paper ballot in."""
    return replace(sheet(slug, code), action=reverse("ballots:paper", args=[slug]))


def _choices(plan: Mapping[str, Any], chosen: str) -> tuple[Choice, ...]:
    offered = [(grade["code"], named(grade)) for grade in plan["grades"]]
    if plan["abstain"]:
        offered.append(("abstain", _("弃权")))
    if plan["own_subject"] == "skip":
        offered.append(("own", _("本单位")))
    return tuple(Choice(code, label, code == chosen) for code, label in offered)


@dataclass(frozen=True)
class Given:
    """回执：票在票箱里的指纹。"""

    title: str
    receipt: str
    check_url: str
    rehearsal: bool
    sample: bool


def receipt(slug: str, of: Receipt) -> Given:
    """The page after a ballot was kept."""
    poll = queries.poll(slug)
    return Given(
        title=poll.label(),
        receipt=_in_fours(of.leaf.hex()),
        check_url=reverse("ballots:check", args=[slug]),
        rehearsal=poll.rehearsal,
        sample=poll.sample,
    )


@dataclass(frozen=True)
class Screen:
    """投影页。"""

    title: str
    phase: str
    phase_words: str
    cast: int
    issued: int
    share: int
    step: int
    qr: str
    address: str
    root: str
    log_key: str
    fingerprints: tuple[tuple[str, str], ...]
    rehearsal: bool
    sample: bool


def screen(slug: str, key: str, request: HttpRequest) -> Screen:
    """What the hall sees on the wall; only with the screen's own key."""
    poll = queries.poll(slug)
    if not compare_digest(poll.screen_key, key):
        raise NotFound(_("投影地址不对。请从会务台打开。"))
    turnout, issued = queries.turnout(poll)
    closed = rules.reached(poll.phase, "closed")
    door = "ballots:check" if closed else "ballots:rate"
    address = request.build_absolute_uri(reverse(door, args=[slug]))
    return Screen(
        title=poll.label(),
        phase=poll.phase,
        phase_words=_(rules.PHASES[poll.phase]),
        cast=turnout,
        issued=issued,
        share=turnout * 100 // issued if issued else 0,
        step=0 if closed else rules.step(issued),
        qr=qr(address),
        address=address,
        root=_seen(poll),
        log_key=spelled(poll.keys.get("log", "")),
        fingerprints=_fingerprints(poll),
        rehearsal=poll.rehearsal,
        sample=poll.sample,
    )


def _seen(poll: Poll) -> str:
    """票数:箱头, as `bihuan tally verify --head` takes it from a photograph of the wall."""
    if not rules.reached(poll.phase, "closed"):
        return ""
    head = _head(poll)
    return f"{head['size']}:{head['root'][:32]}"


def _fingerprints(poll: Poll) -> tuple[tuple[str, str], ...]:
    """Category → what phones show of its keys, so that a key of one phone's own is seen."""
    keys = poll.keys
    if not keys:
        return ()
    return tuple(
        (
            named(category),
            bridge.fingerprint(
                [
                    keys[part][category["code"]]
                    for part in ("tokens", "station")
                    if category["code"] in keys.get(part, {})
                ]
            ),
        )
        for category in poll.plan["categories"]
    )


def qr(text: str, *, scale: int = 6) -> str:
    """A QR code as the address of a picture that stands in the page itself."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=scale, border=2))


def spelled(digest: str) -> str:
    """The first half of a digest in fours, as it is read out and compared."""
    return _in_fours(digest[:32])


def _in_fours(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


@dataclass(frozen=True)
class Check:
    """核对页。"""

    title: str
    phase_words: str
    leaves: tuple[str, ...]
    size: int
    root: str
    plan_digest: str
    heads: tuple[tuple[int, str], ...]
    bundle_url: str
    bundle_name: str
    verifier_url: str
    rehearsal: bool
    sample: bool


def check(slug: str) -> Check:
    """核对：all receipts at once, in the order of their digits, once voting is closed.

    The server is never asked for one of them: it would learn which address looks for which ballot.
    """
    poll = queries.poll(slug)
    heads: tuple[tuple[int, str], ...] = ()
    leaves: tuple[str, ...] = ()
    if rules.reached(poll.phase, "closed"):
        box = bridge.box(poll.box_id)
        heads = tuple((head.size, head.root.hex()) for head in box.heads() if head.size)
        leaves = tuple(sorted(leaf.hex() for leaf in box.leaves()))
    return Check(
        title=poll.label(),
        phase_words=_(rules.PHASES[poll.phase]),
        leaves=leaves,
        size=_head(poll)["size"],
        root=_head(poll)["root"],
        plan_digest=poll.plan_digest,
        heads=heads,
        bundle_url=reverse("ballots:bundle", args=[slug]) if poll.open else "",
        bundle_name=bundle_name(slug),
        verifier_url=reverse("ballots:verifier"),
        rehearsal=poll.rehearsal,
        sample=poll.sample,
    )


def bundle_name(slug: str) -> str:
    """Under which the file is saved."""
    return f"bundle-{slug}.json"


def bundle(slug: str) -> str:
    """结果文件（公开部分）。"""
    poll = queries.poll(slug)
    if poll.open is None:
        raise NotFound(_("还没有计票，没有结果文件。"))
    return canonical(poll.open)


def verifier() -> str:
    """The one-file verifier, as it is shipped."""
    file = resources.files("bihuan.engines.tally") / "standalone" / "recount.py"
    return file.read_text("utf-8")
