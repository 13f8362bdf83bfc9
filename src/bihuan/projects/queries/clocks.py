"""Preliminary work: clocks as they run, documents that expire, what blocks the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.days.rules import UNITS as DAY_UNITS
from bihuan.days.rules import Calendar
from bihuan.projects import rules
from bihuan.projects.models import Project, StepRule, WorkStep
from bihuan.projects.queries import library, tables


@dataclass(frozen=True)
class Clocked:
    """一步和它的时钟：办理中的有时钟；有证的有有效期；还没受理的按今天的规定。"""

    step: WorkStep
    rule: StepRule
    term: rules.Term | None
    validity: rules.Validity | None
    soon: bool

    @property
    def overdue(self) -> bool:
        late = self.term is not None and (self.term.left or 0) < 0
        return late and self.rule.bound == "most"

    @property
    def in_time(self) -> bool:
        """Of a step that has ended: was its limit kept?"""
        return self.step.state == "done" and not self.overdue


def work(project: Project) -> list[WorkStep]:
    """The steps of one project in their order, with all that a page needs."""
    found = project.work.select_related("rule", "unit", "proof", "project__unit")
    found = found.prefetch_related("stops", "renewals", "after", "assist")
    return list(found.order_by("order", "pk"))


def clocked(
    step: WorkStep, *, calendar: Calendar | None = None, today: date | None = None
) -> Clocked:
    """A step with its clock as it stands today, or as it stood when it ended."""
    on, held = today or clock.today(), calendar or days.calendar()
    rule = step.rule
    if step.state == "waiting":
        rule = library.step_rule_on(step.code, on) or step.rule
    term = None
    if step.accepted_on is not None and rule.number is not None:
        stops = [(stop.first, stop.last) for stop in step.stops.all()]
        number = rule.number + (rule.extra_number if step.extended else 0)
        until = step.done_on or max(on, step.accepted_on)
        term = rules.term(held, step.accepted_on, number, rule.unit, stops=stops, until=until)
    soon = (
        step.state == "running"
        and term is not None
        and term.left is not None
        and 0 <= term.left <= tables.limit("soon_days")
    )
    return Clocked(step, rule, term, _validity(step, held, on), soon)


def _validity(step: WorkStep, calendar: Calendar, today: date) -> rules.Validity | None:
    """How long its document holds; nothing once the project has been started under it."""
    rule = step.rule
    if step.state != "done" or step.issued_on is None or not rule.document_number:
        return None
    if rules.reached(step.project.stage, "started"):
        return None
    return rules.validity(
        calendar,
        step.issued_on,
        number=rule.document_number,
        unit=rule.document_unit,
        renewals=rule.renewals,
        renewal_number=rule.renewal_number,
        used=len(step.renewals.all()),
        warn_days=rule.warn_days,
        today=today,
    )


def left_unit(unit: str) -> str:
    """In which days the clock of a limit in this unit is read: months are read in natural days."""
    return DAY_UNITS["working" if unit == "working" else "natural"]


def all_clocked(project: Project, today: date | None = None) -> list[Clocked]:
    """Every step of a project with its clock."""
    calendar = days.calendar()
    return [clocked(step, calendar=calendar, today=today) for step in work(project)]


def blocking(found: Sequence[Clocked], today: date | None = None) -> rules.Blocking:
    """What blocks the start of a project."""
    nodes = [
        rules.Node(
            one.step.pk,
            one.step.state,
            frozenset(before.pk for before in one.step.after.all()),
            one.step.blocks_start,
            _left(one),
            one.rule.unit,
            lapsed=one.validity is not None and one.validity.lapsed,
            stopped=one.term is not None and one.term.stopped,
        )
        for one in found
    ]
    return rules.blocking(nodes, days.calendar(), today or clock.today())


def _left(one: Clocked) -> int | None:
    if one.term is not None:
        return max(one.term.left or 0, 0)
    return one.rule.number


def blocking_sentences(project: Project, found: Sequence[Clocked]) -> list[str]:
    """开工还卡在哪里，几句话说清。"""
    if rules.reached(project.stage, "started"):
        return [_("项目已开工。")]
    if not found:
        return [_("还没有排前期步骤，说不出开工卡在哪里。请先排步骤。")]
    by_key = {one.step.pk: one for one in found}
    told = blocking(found)
    if not told.front and not told.behind:
        return [_("开工前须办的步骤都已办结，可以登记开工。"), *_expiring(found)]
    count = len(told.front) + len(told.behind)
    said = [
        _("开工还差 %(n)d 步。现在卡在：%(steps)s。")
        % {"n": count, "steps": _("；").join(_standing(by_key[key]) for key in told.front)}
    ]
    if told.behind:
        names = _("、").join(by_key[key].step.label() for key in told.behind)
        said.append(_("排在后面的：%(steps)s。") % {"steps": names})
    if told.earliest is not None:
        chain = " → ".join(by_key[key].step.label() for key in told.chain)
        said.append(
            _("都按法定时限办，最早 %(day)s办完；最长的一条链是 %(chain)s。")
            % {"day": clock.in_words(told.earliest), "chain": chain}
        )
    if told.unlimited:
        names = _("、").join(by_key[key].step.label() for key in told.unlimited)
        said.append(_("其中没有法定时限的按零天算：%(steps)s。") % {"steps": names})
    return [*said, *_expiring(found)]


def _expiring(found: Sequence[Clocked]) -> list[str]:
    """Documents that will lapse unless the project starts, or they are renewed, before."""
    return [
        _("%(document)s %(day)s到期：须在此前开工，或办理延期（还可 %(left)d 次）。")
        % {
            "document": _(one.rule.document),
            "day": clock.in_words(one.validity.until),
            "left": one.validity.renewals_left,
        }
        for one in found
        if one.validity is not None and one.validity.soon
    ]


def _standing(one: Clocked) -> str:
    """One step of the front: who has it, and how its clock stands."""
    step = one.step
    who = step.unit.label() if step.unit else _(one.rule.authority)
    told = {"step": step.label(), "who": who}
    if one.validity is not None and one.validity.lapsed:
        day = clock.in_words(one.validity.until)
        return _("%(step)s（%(who)s，证件 %(day)s已失效，须重办）") % {**told, "day": day}
    if step.state == "waiting":
        return _("%(step)s（%(who)s，还没有受理）") % told
    if one.term is None:
        return _("%(step)s（%(who)s，办理中，没有法定时限）") % told
    if one.term.stopped:
        return _("%(step)s（%(who)s，时钟停着）") % told
    left = one.term.left or 0
    unit = _(left_unit(one.rule.unit))
    if left < 0:
        return _("%(step)s（%(who)s，已超时 %(n)d %(unit)s）") % {**told, "n": -left, "unit": unit}
    return _("%(step)s（%(who)s，还剩 %(n)d %(unit)s）") % {**told, "n": left, "unit": unit}
