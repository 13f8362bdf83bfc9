"""What a unit hands in: opened, filled, submitted; accepted or sent back by somebody else."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.facts import block, filing, queries, reading, terms, versions, words
from bihuan.facts.models import Indicator, Observation, Period, Submission
from bihuan.facts.services.checking import check
from bihuan.facts.services.periods import period_of, written
from bihuan.facts.services.permission import require
from bihuan.people.models import Post, Unit


@transaction.atomic
def open_submission(
    *, by: Post | None, unit: Unit, period: Period | str, title: str = "", notes: str = ""
) -> Submission:
    """新建填报批次：某单位某时期；草拟，提交以前其中的数不算数。"""
    require(by, "facts.record", at=unit)
    when = written(period, "period")
    if when.starts > clock.today():
        params = {"id": _("批次"), "field": "period", "found": when.label}
        raise Refused(reading.sentence("future", params, of_file=False))
    Unit.objects.select_for_update().get(pk=unit.pk)
    if earlier := queries.being_filled(unit, when).first():
        raise Refused(
            _("这个单位这个时期已有正在填的批次“%(title)s”。请接着填，或先作废它。")
            % {"title": earlier.title}
        )
    named = {"unit": unit.name, "period": when.label}
    with override("zh-hans"):  # a stored name, whoever opened it
        title = title.strip() or _("%(unit)s %(period)s 填报") % named
    made = Submission.objects.create(
        unit=unit, period=when, title=shorten(title, 200), notes=notes, by=by
    )
    audit.record(by, "facts.submission.open", made)
    return made


@transaction.atomic
def fill(
    submission: Submission, rows: block.Block, *, by: Post | None, reason: str = ""
) -> filing.Filing:
    """填报：一次登记许多个数；有一处不对就全部不登记。与现有的不同的另登新版，须写明原因。"""
    submission = _locked(submission)
    require(by, "facts.record", at=submission.unit)
    _still_filling(submission)
    # Two who fill the same indicator take turns, so that no version is made twice; what the first
    # one stored is seen by the second reading.
    meant = {placed.one.indicator_id for placed in filing.read(submission, rows).placed}
    locked = Indicator.objects.select_for_update(of=("self",)).filter(pk__in=meant)
    list(locked.order_by("pk"))
    found = filing.read(submission, rows)
    if found.sentences:
        raise Refused.all(found.sentences)
    if found.having("revised") and not reason.strip():
        raise Refused(needs_reason(found))
    done = []
    stored = _periods(found)
    for placed in found.having("new", "revised"):
        one = placed.one
        one.period = stored[placed.period.code]
        if one.base_period is not None and one.base_period.pk is None:
            one.base_period = stored[one.base_period.code]
        one.by, one.submission = by, submission
        if one.version > 1:
            one.reason = reason.strip() if placed.before else _not_counted()
        done.append(placed)
    Observation.objects.bulk_create([placed.one for placed in done])
    audit.record_many(by, [_act(placed) for placed in done])
    return found


def _periods(found: filing.Filing) -> dict[str, Period]:
    """The periods that the rows speak of, each stored once."""
    spans = {placed.period.code: placed.period for placed in found.placed}
    spans |= {placed.base.code: placed.base for placed in found.placed if placed.base}
    return {code: period_of(one) for code, one in spans.items()}


def needs_reason(found: filing.Filing) -> str:
    """The sentence for figures that differ from what is there."""
    changed = found.having("revised")
    listed = words.listed(placed.one.indicator.label() for placed in changed)
    return ngettext(
        "有 %(n)d 个数与现有的不同：%(names)s。请写明修订的原因。",
        "有 %(n)d 个数与现有的不同：%(names)s。请写明修订的原因。",
        len(changed),
    ) % {"n": len(changed), "names": listed}


def _not_counted() -> str:
    return _("此前填报的一版没有算数。")


def _act(placed: filing.Placed) -> audit.Act:
    one, before = placed.one, placed.before
    if before is None:
        return audit.Act("facts.observation.record", one, note=one.quote)
    changes = versions.differences(before, one) | {"version": (before.version, one.version)}
    return audit.Act("facts.observation.revise", one, changes, one.reason)


@transaction.atomic
def submit(submission: Submission, *, by: Post | None) -> Submission:
    """提交：从此其中的数算数。"""
    submission = _moving(submission, by, "facts.record", terms.FILLING)
    if not submission.observations.exists():
        raise Refused(_("这个批次里还没有数。请先录入，再提交。"))
    submission.submitted_by = by
    return _moved(submission, by, "submit", "submitted")


@transaction.atomic
def accept(submission: Submission, *, by: Post | None, note: str = "") -> Submission:
    """接收：由没有填报也没有提交它的人核对过，收下。"""
    submission = _moving(submission, by, "facts.accept", ("submitted",))
    _by_another(submission, by)
    return _moved(submission, by, "accept", "accepted", note)


@transaction.atomic
def send_back(submission: Submission, *, by: Post | None, note: str) -> Submission:
    """退回：写明原因；其中的数不再算数，等改好再交。"""
    submission = _moving(submission, by, "facts.accept", terms.EFFECTIVE)
    _by_another(submission, by)
    if not note.strip():
        raise Refused(_("请写明退回的原因。"))
    return _moved(submission, by, "send_back", "returned", note)


@transaction.atomic
def drop(submission: Submission, *, by: Post | None, note: str) -> Submission:
    """作废：还没有提交、或已退回的批次不再填了；其中的数留存，永不算数。"""
    submission = _moving(submission, by, "facts.record", terms.FILLING)
    if not note.strip():
        raise Refused(_("请写明作废的原因。"))
    return _moved(submission, by, "drop", "dropped", note)


def _by_another(submission: Submission, by: Post | None) -> None:
    """Whoever filled or handed it in does not judge it, in whichever post."""
    if by is not None and by.person_id in queries.filled_by(submission):
        raise Refused(
            _("填报或提交这个批次的人不能接收或退回它，换一个任职也不行。请由另一个人核对。")
        )


def _locked(submission: Submission) -> Submission:
    found = Submission.objects.select_related("unit", "period")
    return found.select_for_update(of=("self",)).get(pk=submission.pk)


def _still_filling(submission: Submission) -> None:
    if submission.state not in terms.FILLING or submission.unit is None:
        raise Refused(_("这个批次已提交，不能再加数。请另建批次，或在数的页面修订。"))


def _moving(
    submission: Submission, by: Post | None, verb: str, before: tuple[str, ...]
) -> Submission:
    """The submission, locked, if this post may move it and it stands where it can be moved."""
    submission = _locked(submission)
    if submission.unit is not None:
        require(by, verb, at=submission.unit)
    require(by, verb)
    if submission.state not in before:
        raise Refused(
            _("这个批次的状态是“%(state)s”，不能这样办。请刷新页面查看。")
            % {"state": _(terms.SUBMISSION_STATES[submission.state])}
        )
    return submission


def _moved(
    submission: Submission, by: Post | None, step: str, after: str, note: str = ""
) -> Submission:
    changes = {"state": (submission.state, after)}
    submission.state = after
    submission.save(update_fields=["state", "submitted_by"])
    audit.record(by, f"facts.submission.{step}", submission, changes=changes, note=note)
    check()
    return submission
