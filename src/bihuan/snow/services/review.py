"""Verbs on the review after an event: opened, lessons noted, replayed, signed, told to others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import SAMPLE_MARK, shorten
from bihuan.exchange.span import span
from bihuan.facts import services as facts
from bihuan.facts.models import Indicator, Observation
from bihuan.fleet import queries as fleet
from bihuan.fleet.models import Vehicle
from bihuan.jobs import services as jobs
from bihuan.jobs.models import Job
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.snow.models import Lesson, Replay, Review, Storm
from bihuan.snow.queries import promises
from bihuan.snow.queries import review as queries
from bihuan.snow.rules import review as rules
from bihuan.snow.rules.situation import plain
from bihuan.snow.services.indicators import EVENT, YEAR_RATE, indicator
from bihuan.snow.services.situation import digest

DISPATCH, COMMAND = "snow.dispatch", "snow.command"
KIND = "snow.replay"
DAY_S = 86_400.0
GRAMS_M2, WIDTH_M = 20.0, 3.5  # [P] 10-30 g/m² is usual (handbook section 6)


@transaction.atomic
def open_review(storm: Storm, *, by: Post | None) -> Review:
    """开始复盘：响应结束以后，一场雪一份。"""
    _require(by, DISPATCH)
    storm = Storm.objects.select_for_update().get(pk=storm.pk)
    faults = []
    if storm.ended_at is None:
        faults.append(_("响应还没有结束。请先结束，再复盘。"))
    if Review.objects.filter(storm=storm).exists():
        faults.append(_("这场雪已有复盘。"))
    if faults:
        raise Refused.all(faults)
    made = Review.objects.create(storm=storm, by=by)
    audit.record(by, "snow.review.open", made)
    return made


@transaction.atomic
def sum_up(review: Review, *, by: Post | None, summary: str) -> Review:
    """写总的看法；签定以前可改。"""
    review = _draft(review, by, DISPATCH)
    if review.summary == summary.strip():
        raise Refused(_("内容没有变化，不必另存。"))
    changes = {"summary": (review.summary, summary.strip())}
    review.summary = summary.strip()
    review.save(update_fields=["summary"])
    audit.record(by, "snow.review.sum_up", review, changes=changes)
    return review


@transaction.atomic
def note_lesson(
    review: Review, *, by: Post | None, kind: str, text: str, unit: Unit | None = None
) -> Lesson:
    """记一条教训：哪里做得不好，或要改什么。"""
    review = _draft(review, by, DISPATCH)
    if kind not in rules.LESSONS or not text.strip():
        raise Refused(_("请选择类别，并写明内容。"))
    made = Lesson.objects.create(
        review=review, kind=kind, text=shorten(text.strip(), 500), unit=unit, by=by
    )
    audit.record(by, "snow.review.lesson", made, note=text)
    return made


@transaction.atomic
def strike_lesson(lesson: Lesson, *, by: Post | None, reason: str) -> Lesson:
    """划去一条教训：写明原因，留着看得到。"""
    _draft(lesson.review, by, DISPATCH)
    faults = []
    if lesson.struck:
        faults.append(_("已经划去。"))
    if not reason.strip():
        faults.append(_("请写明原因。"))
    if faults:
        raise Refused.all(faults)
    lesson.struck = reason.strip()
    lesson.save(update_fields=["struck"])
    audit.record(by, "snow.review.strike", lesson, note=reason)
    return lesson


@transaction.atomic
def raise_lesson(lesson: Lesson, *, by: Post) -> Finding:
    """提为问题：一按即入台账为草稿；签定以后也可以，同一条只提一次。"""
    _require(by, DISPATCH)
    lesson = Lesson.objects.select_related("review__storm", "unit").get(pk=lesson.pk)
    if lesson.struck:
        raise Refused(_("已经划去。"))
    if raised := ledger_queries.already_raised(lesson):
        raise Refused.all(raised)
    storm = lesson.review.storm
    told = {"storm": storm.label(), "kind": _(rules.LESSONS[lesson.kind]), "text": lesson.text}
    finding = ledger.raise_finding(
        by=by,
        title=lesson.text,
        description=_("%(storm)s复盘，%(kind)s：%(text)s") % told,
        category=_("扫雪除冰"),
        source="supervision",
        origin=lesson,
    )
    audit.record(by, "snow.review.raise", lesson, changes={"finding": (None, finding.number)})
    return finding


# Signed, and told to facts ------------------------------------------------------------------------


@transaction.atomic
def sign_review(review: Review, *, by: Post | None) -> Review:
    """签定复盘：数固化，记入数据；此后不变，各单位的兑现率可计入年度考核。"""
    review = _draft(review, by, COMMAND)
    faults = []
    if not review.summary:
        faults.append(_("请先写总的看法。"))
    if not review.lessons.filter(struck="").exists():
        faults.append(_("请至少写一条哪里做得不好或要改什么。"))
    if any(queries.busy(one) for one in queries.replays(review)):
        faults.append(_("还有重演在计算。请等它算完，或先停止它。"))
    if faults:
        raise Refused.all(faults)
    found = queries.content(review)
    review.told = queries.frozen(found)
    review.digest = digest(review.told)
    review.state, review.signed_at, review.signed_by = "signed", clock.now(), by
    review.save(update_fields=["told", "digest", "state", "signed_at", "signed_by"])
    audit.record(by, "snow.review.sign", review, changes={"digest": (None, review.digest)})
    _record_event(review.storm, found)
    return review


def _record_event(storm: Storm, found: queries.Content) -> None:
    """The figures of the event as observations of the zone, of this event's period."""
    zone = Unit.objects.filter(kind="zone").order_by("pk").first()
    if zone is None:
        return
    values = {**found.amounts, "promise_rate": found.rate, "hours": found.hours}
    for code, value in values.items():
        if value is not None:
            keep_figure(
                zone,
                indicator(*EVENT[code]),
                period=event_period(storm),
                scope=event_scope(storm),
                value=value,
                quote=_("%(storm)s复盘：%(value)s") % {"storm": storm.name, "value": plain(value)},
                source=shorten(f"{storm.name} 复盘", 300),
                as_of=storm.ended_at,
            )
    facts.check()


def event_period(storm: Storm) -> str:
    """自2022年1月21日降雪以来: as papers write it."""
    return f"自{timezone.localtime(storm.first_snow_at):%Y-%m-%d}降雪以来"


def event_scope(storm: Storm) -> str:
    """What tells the figures of an event from printed ones of the same days."""
    return shorten(f"{SAMPLE_MARK}：{storm.name}" if storm.sample else storm.name, 200)


def keep_figure(
    unit: Unit,
    of: Indicator,
    *,
    period: str,
    scope: str,
    value: Decimal,
    quote: str,
    source: str,
    as_of: datetime | None = None,
) -> int:
    """A figure entered, or revised where it was another; 1 if anything was written."""
    held = Observation.objects.filter(unit=unit, indicator=of, scope=scope)
    when = span(period)
    assert when is not None  # rooms write periods that can be read
    before = held.filter(period__code=when.code).order_by("-version").first()
    if before is None:
        facts.record(
            by=None, unit=unit, indicator=of, period=period, scope=scope, value=value,
            measure=of.measure, quote=quote, source=source, as_of=as_of, then_check=False,
        )  # fmt: skip
        return 1
    if before.value == value:
        return 0
    facts.revise(before, by=None, reason=_("复盘有变"), value=value, quote=quote, then_check=False)
    return 1


@transaction.atomic
def record_year(year: int, *, by: Post | None) -> int:
    """登记各单位年度扫雪除冰承诺兑现率：signed reviews of a year, each event with equal weight.

    The year-end rating takes the figure from `facts`, as it takes the investment rate of projects.
    """
    _require(by, COMMAND)
    rates: dict[str, list[Decimal]] = {}
    for one in Review.objects.filter(state="signed").select_related("storm"):
        if timezone.localtime(one.storm.first_snow_at).year == year:
            for code, rate in queries.content(one).units.items():
                rates.setdefault(code, []).append(rate)
    if not rates:
        raise Refused(_("%(year)d 年没有签定的复盘，或路段没有写负责单位。") % {"year": year})
    of, made = indicator(*YEAR_RATE), 0
    for unit in Unit.objects.filter(code__in=rates):
        known = rates[unit.code]
        mean = (sum(known, Decimal(0)) / len(known)).quantize(Decimal("0.01"))
        told = {"year": year, "n": len(known), "rate": plain(mean)}
        made += keep_figure(
            unit,
            of,
            period=str(year),
            scope="",
            value=mean,
            quote=_("%(year)d 年 %(n)d 场雪，负责路段的承诺兑现率平均 %(rate)s%%") % told,
            source=_("扫雪除冰复盘"),
        )
    audit.record(by, "snow.review.year", of, note=str(year))
    if made:
        facts.check()
    return made


# Replays ------------------------------------------------------------------------------------------


@transaction.atomic
def ask_replay(
    review: Review,
    *,
    by: Post | None,
    kind: str,
    vehicle: Vehicle | None = None,
    starts_at: datetime | None = None,
    more: int = 0,
    seed: int = 0,
) -> Replay:
    """重演：假如某台车在另一时刻出发，或没有这台车，或多几台车；后台计算，与原来的比。"""
    _require(by, DISPATCH)
    storm = review.storm
    went = first_shifts(storm)
    faults = []
    if kind not in rules.REPLAYS:
        faults.append(_("请选择假如什么。"))
    if not went:
        faults.append(_("这场雪没有登记出车，没有可重演的。"))
    if kind in ("start", "without") and (vehicle is None or vehicle.pk not in went):
        faults.append(_("请选择这场雪里出过的一台车。"))
    if kind == "start" and starts_at is None:
        faults.append(_("请写这台车假如几时出发。"))
    if starts_at is not None and not storm.first_snow_at <= starts_at <= _over(storm):
        faults.append(_("出发时间应在降雪开始和结束之间。"))
    if kind == "more" and not 1 <= more <= rules.MOST_VEHICLES:
        faults.append(_("多几台车应在 1 到 %(n)d 之间。") % {"n": rules.MOST_VEHICLES})
    if kind == "without" and len(went) == 1:
        faults.append(_("只出过这一台车，去掉就没有车了。"))
    if any(queries.busy(one) for one in queries.replays(review)):
        faults.append(_("上一次还在计算。请等它算完，或先停止它。"))
    if faults:
        raise Refused.all(faults)
    asked = {
        "vehicle": vehicle.pk if vehicle is not None and kind != "more" else None,
        "starts_at": starts_at.isoformat() if starts_at and kind == "start" else "",
        "more": more if kind == "more" else 0,
    }
    made = Replay.objects.create(review=review, kind=kind, asked=asked, seed=seed, by=by)
    inputs = {"replay": made.pk, **_inputs(storm, went, kind, asked)}
    made.job = jobs.start(KIND, by=by, inputs=inputs, title=str(made), seed=seed)
    made.save(update_fields=["job"])
    audit.record(by, "snow.replay.ask", made, changes={"kind": (None, kind)})
    return made


def first_shifts(storm: Storm) -> dict[int, Any]:
    """Of each vehicle that went out and has a yard to start from, its first shift."""
    rows = fleet.shifts_between(storm.first_snow_at, _over(storm)).select_related("vehicle__depot")
    found: dict[int, Any] = {}
    for one in rows.order_by("starts_at", "pk"):
        if one.vehicle.depot is not None:
            found.setdefault(one.vehicle_id, one)
    return found


def _over(storm: Storm) -> datetime:
    return storm.ended_at or clock.now()


def _inputs(
    storm: Storm, went: Mapping[int, Any], kind: str, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Plain data for the engine: seconds count from when the response began."""
    base = {key: _vehicle(storm, one) for key, one in went.items()}
    changed: list[dict[str, Any]] = list(base.values())
    if kind == "start":
        at = datetime.fromisoformat(asked["starts_at"])
        known = base[asked["vehicle"]]
        moved = max(0.0, (at - storm.started_at).total_seconds())
        until = max(known["until_s"], moved + DAY_S)
        other = {**known, "start_s": moved, "until_s": until}
        changed = [other if key == asked["vehicle"] else one for key, one in base.items()]
    elif kind == "without":
        changed = [one for key, one in base.items() if key != asked["vehicle"]]
    else:
        changed = [*changed, *_more(list(base.values()), asked["more"])]
    start = promises.since(storm)
    return {
        "hours": promises.limits(),
        "from_s": max(0.0, (start - storm.started_at).total_seconds()),
        "base": list(base.values()),
        "variant": changed,
        "label": _(rules.REPLAYS[kind]),
        "grams_m": GRAMS_M2 * WIDTH_M,
    }


def _vehicle(storm: Storm, shift: Any) -> dict[str, Any]:
    one = shift.vehicle
    start = max(0.0, (shift.starts_at - storm.started_at).total_seconds())
    return {
        "name": one.number,
        "lon": one.depot.lon,
        "lat": one.depot.lat,
        "start_s": start,
        # A replay asks when all is clear, not who is tired: relief crews take the vehicle over.
        "until_s": start + DAY_S,
        "capacity_g": float(one.capacity_kg or 0) * 1000 if one.spreads else 0.0,
    }


def _more(base: Sequence[dict[str, Any]], more: int) -> list[dict[str, Any]]:
    """Copies of those that were there, from yard to yard in turn."""
    return [{**base[n % len(base)], "name": f"+{n + 1}"} for n in range(more)]


def keep_replay(job: Job) -> None:
    """In the transaction that ends the job: its result becomes the replay's."""
    made = Replay.objects.select_for_update(of=("self",)).get(pk=job.inputs["replay"])
    if made.told is not None:
        raise Refused(_("这次重演已有结果，不能再存。"))
    made.told = job.result
    made.save(update_fields=["told"])
    audit.record(job.by, "snow.replay.keep", made)


def _draft(review: Review, by: Post | None, verb: str) -> Review:
    _require(by, verb)
    found = Review.objects.select_for_update(of=("self",)).select_related("storm")
    held = found.get(pk=review.pk)
    if held.state == "signed":
        raise Refused(_("已签定的复盘不能改。"))
    return held


def _require(by: Post | None, verb: str) -> None:
    if by is not None:
        people.require(by, verb)
