"""One figure at a time: recorded, or revised by a newer version; never changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.facts import queries, terms, versions
from bihuan.facts.models import (
    Indicator,
    Observation,
    Period,
    Submission,
)
from bihuan.facts.services.checking import check
from bihuan.facts.services.periods import written
from bihuan.facts.services.permission import require
from bihuan.people.models import Post, Unit


@transaction.atomic
def record(
    *,
    by: Post | None,
    unit: Unit,
    indicator: Indicator,
    period: Period | str,
    quote: str,
    scope: str = "",
    base_period: Period | str | None = None,
    submission: Submission | None = None,
    then_check: bool = True,
    **said: Any,
) -> Observation:
    """录入观测值：一个新的数；已有这个数的，应修订而不是另录。

    `said` are fields of `versions.REVISABLE`. Who records many calls `check` once at the end.
    """
    require(by, "facts.record", at=unit)
    _only(said, versions.REVISABLE)
    known = queries.known_terms()
    when = written(period, "period")
    base = written(base_period, "base_period") if base_period else None
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    one = Observation(
        unit=unit,
        indicator=indicator,
        period=when,
        base_period=base,
        scope=scope.strip(),
        scope_key=shorten(known.scope_key(scope), 200),
        kind=indicator.kind,
        quote=quote.strip(),
        submission=submission,
        by=by,
        **said,
    )
    faults = versions.faults(one, known)
    if submission is not None:
        faults += _unfit(submission, unit)
    earlier = list(queries.versions(one).select_related("submission"))
    there = next((old for old in earlier if _stands(old, submission)), None)
    if there is not None:
        faults.append(
            _("“%(name)s”已有这个数（第 %(n)d 版）。请到它的页面修订，并写明原因。")
            % {"name": indicator.label(), "n": there.version}
        )
    if earlier:  # what only waits elsewhere stands in nobody's way, and keeps its number
        one.version, one.reason = earlier[0].version + 1, _("此前填报的一版没有算数。")
    if faults:
        raise Refused.all(faults)
    versions.sized(one, known).save()
    audit.record(by, "facts.observation.record", one, note=one.quote)
    if then_check:
        check()
    return one


@transaction.atomic
def revise(
    observation: Observation,
    *,
    by: Post | None,
    reason: str,
    then_check: bool = True,
    **said: Any,
) -> Observation:
    """修订观测值：另登新的一版，写明原因；旧版一字不动。"""
    require(by, "facts.record", at=observation.unit)
    _only(said, versions.REVISABLE)
    known = queries.known_terms()
    Indicator.objects.select_for_update().get(pk=observation.indicator_id)
    before = queries.newest(observation)
    one = versions.following(before, queries.versions(observation)[0].version)
    for name, value in said.items():
        setattr(one, name, value)
    one.reason, one.by = reason.strip(), by
    # A correction of what does not count yet waits with the rest of its submission.
    waiting = before.submission is not None and before.submission.state not in terms.EFFECTIVE
    one.submission = before.submission if waiting else None
    faults = versions.faults(one, known)
    if waiting and before.submission is not None and before.submission.state == "dropped":
        faults.append(_("这个数所在的批次已作废，不能再修订。请重新填报。"))
    if before.pk != observation.pk:
        faults.append(_("这个数已有第 %(n)d 版。请在最新一版上修订。") % {"n": before.version})
    if not one.reason:
        faults.append(_("请写明修订的原因。"))
    if not faults:
        versions.sized(one, known)
        if not versions.differences(before, one):
            faults.append(_("与现有一版完全相同，没有修订。请改动至少一处。"))
    if faults:
        raise Refused.all(faults)
    one.save()
    tell_revision(before, one, by)
    if then_check:
        check()
    return one


def _stands(one: Observation, submission: Submission | None) -> bool:
    """Does it count, or stand in the same submission?"""
    if one.submission is None or one.submission.state in terms.EFFECTIVE:
        return True
    return submission is not None and one.submission_id == submission.pk


def _unfit(submission: Submission, unit: Unit) -> list[str]:
    """Why a figure of this unit cannot go into this submission."""
    faults = []
    if submission.state not in terms.FILLING:
        faults.append(_("这个批次已提交，不能再加数。请另建批次，或在数的页面修订。"))
    if submission.unit is not None and submission.unit != unit:
        faults.append(
            _("这个批次是“%(unit)s”的，不能填别的单位。请另建批次。")
            % {"unit": submission.unit.label()}
        )
    return faults


def tell_revision(before: Observation | None, after: Observation, by: Post | None) -> None:
    assert before is not None
    changes = versions.differences(before, after) | {"version": (before.version, after.version)}
    audit.record(by, "facts.observation.revise", after, changes=changes, note=after.reason)


def _only(said: Mapping[str, Any], allowed: Iterable[str]) -> None:
    if unknown := said.keys() - set(allowed):
        raise TypeError(f"not a field of a figure: {', '.join(sorted(unknown))}")
