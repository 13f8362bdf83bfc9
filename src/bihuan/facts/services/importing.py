"""A whole file of published figures: all of it or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.exchange.span import Span
from bihuan.facts import doubts, frameworks, queries, reading, versions
from bihuan.facts.models import (
    Concern,
    Doubt,
    Group,
    Indicator,
    Observation,
    Period,
    Submission,
)
from bihuan.facts.services.checking import check, store
from bihuan.facts.services.definitions import define, load
from bihuan.facts.services.figures import tell_revision
from bihuan.facts.services.periods import period_of
from bihuan.facts.services.permission import require
from bihuan.people.models import Post


@dataclass(frozen=True)
class Imported:
    """What an import did: how many figures came, were revised, stayed; the doubts that stand."""

    submission: Submission
    added: int
    revised: int
    unchanged: int
    doubts: tuple[Doubt, ...]


@transaction.atomic
def import_file(
    content: bytes, name: str, *, by: Post | None, subjects: Mapping[str, str] | None = None
) -> Imported:
    """导入公布的数据：有一处不对就全部不导入；再导入不重复，改过的数另登新版。"""
    require(by, "facts.import")
    found = reading.read(content, subjects)
    if not found.clean:
        raise Refused.all(found.sentences)
    for unit in {row.unit.pk: row.unit for row in found.rows if row.unit}.values():
        require(by, "facts.import", at=unit)
    indicators = _indicators(found.rows, by)
    periods = _periods(found.rows)
    submission = Submission(
        unit=by.unit if by else None,
        title=shorten(found.parsed.title or name, 200),
        file_name=shorten(name, 200),
        digest=found.parsed.digest,
        state="submitted",
        notes="\n".join(str(check) for check in found.parsed.checks),
        by=by,
        submitted_by=by,
    )
    there, known = versions.held(found.rows, indicators, periods), queries.known_terms()
    outcome = [
        versions.placed(row, submission, indicators, periods, there, known) for row in found.rows
    ]
    new = [(one, before) for one, before in outcome if one.pk is None]
    revised = [(one, before) for one, before in new if before is not None]
    added = len(new) - len(revised)
    submission = _hand_in(submission, added, len(revised))
    for one, _before in new:
        one.submission = submission
    Observation.objects.bulk_create([one for one, _before in new])
    for one, before in revised:
        tell_revision(before, one, by)
    check()
    by_id = {row.fact.id: one for row, (one, _before) in zip(found.rows, outcome, strict=True)}
    about = {one.pk for one, _before in outcome}
    store(doubts.of_file(found.parsed.checks, by_id))
    standing = Concern.objects.filter(observation__in=about).values("doubt")
    stand = tuple(queries.doubts_to_see().filter(pk__in=standing))
    return Imported(submission, added, len(revised), len(outcome) - len(new), stand)


def _hand_in(submission: Submission, added: int, revised: int) -> Submission:
    """The submission, stored; the earlier one where the same file comes again and adds nothing."""
    earlier = Submission.objects.filter(digest=submission.digest).order_by("pk").first()
    if earlier is not None and not added and not revised:
        return earlier
    submission.save()
    counts = {"added": (None, added), "revised": (None, revised)}
    audit.record(submission.by, "facts.submission.import", submission, changes=counts)
    return submission


def _indicators(rows: Iterable[reading.Row], by: Post | None) -> dict[str, Indicator]:
    """The indicators of the rows by code, locked; those not yet there are made."""
    # The plan that says most about an indicator is taken, in whatever order the rows stand.
    fullest = sorted((row.plan for row in rows), key=lambda plan: (plan.group, plan.name_en))
    plans = {plan.code: plan for plan in fullest}
    stored = Indicator.objects.filter(code__in=plans)
    missing = [plans[code] for code in sorted(plans.keys() - {one.code for one in stored})]
    known = queries.known_terms()
    groups = _file_groups(by) if any(plan.group for plan in missing) else {}
    for plan in missing:
        fields = plan.fields() | {
            "currency": known.measures[plan.measure].currency if plan.measure else "",
            "group": groups.get(plan.group),
        }
        define(by, "facts.indicator.define", Indicator, {"code": plan.code}, fields)
    # Two imports at once take turns here, so that they do not make the same version twice.
    locked = Indicator.objects.select_for_update(of=("self",)).filter(code__in=plans)
    return {one.code: one for one in locked.order_by("pk")}


def _file_groups(by: Post | None) -> dict[str, Group]:
    """The groups that files name, from the edition they speak of."""
    load(by)
    return {
        group.name: group for group in Group.objects.filter(framework__code=frameworks.FILE_EDITION)
    }


def _periods(rows: Iterable[reading.Row]) -> dict[str, Period]:
    spans: dict[str, Span] = {}
    for row in rows:
        spans.setdefault(row.fact.period.code, row.fact.period)
        if row.fact.base_period is not None:
            spans.setdefault(row.fact.base_period.code, row.fact.base_period)
    stored = {one.code: one for one in Period.objects.filter(code__in=spans)}
    return stored | {code: period_of(one) for code, one in spans.items() if code not in stored}
