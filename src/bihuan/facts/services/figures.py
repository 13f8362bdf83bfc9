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
    if submission is not None and submission.state != "draft":
        faults.append(_("这个批次已提交，不能再加数。请另建批次，或在数的页面修订。"))
    last = queries.versions(one).first()
    if last is not None:
        faults.append(
            _("“%(name)s”已有这个数（第 %(n)d 版）。请到它的页面修订，并写明原因。")
            % {"name": indicator.label(), "n": last.version}
        )
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
    one = versions.following(before, before.version)
    for name, value in said.items():
        setattr(one, name, value)
    one.reason, one.by = reason.strip(), by
    # A correction of what does not count yet waits with the rest of its submission.
    waiting = before.submission is not None and before.submission.state not in terms.EFFECTIVE
    one.submission = before.submission if waiting else None
    faults = versions.faults(one, known)
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


def tell_revision(before: Observation | None, after: Observation, by: Post | None) -> None:
    assert before is not None
    changes = versions.differences(before, after) | {"version": (before.version, after.version)}
    audit.record(by, "facts.observation.revise", after, changes=changes, note=after.reason)


def _only(said: Mapping[str, Any], allowed: Iterable[str]) -> None:
    if unknown := said.keys() - set(allowed):
        raise TypeError(f"not a field of a figure: {', '.join(sorted(unknown))}")
