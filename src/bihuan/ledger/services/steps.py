"""What every verb of the ledger does first and last: open a finding under lock, take the step."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.ledger import queries, rules
from bihuan.ledger.models import Finding, Stint
from bihuan.ledger.rules.time import ONE_DAY
from bihuan.people.models import Post

Changes = dict[str, tuple[Any, Any]]


def opened(finding: Finding, step: str, by: Post) -> Finding:
    """The finding, locked; refuse what this post may not do or what its state forbids."""
    finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if not queries.allowed(finding, step, by):
        raise NotAllowed(
            _("“%(post)s”不能对这个问题“%(step)s”。请换用有权限的任职，或联系督查部门。")
            % {"post": by.label(), "step": _(rules.STEP_NAMES[step])}
        )
    if rules.after(finding.state, step) is None:
        raise Refused(
            _("这个问题现在是“%(state)s”，不能“%(step)s”。请刷新页面看最新的状态。")
            % {"state": _(rules.STATES[finding.state]), "step": _(rules.STEP_NAMES[step])}
        )
    if step in rules.JUDGING and not queries.may_judge(finding, by):
        raise Refused(
            _("参与整改的人和责任单位的人不能“%(step)s”。请由别人办理。")
            % {"step": _(rules.STEP_NAMES[step])}
        )
    return finding


def take(
    finding: Finding,
    step: str,
    by: Post | None,
    *,
    act: str = "",
    changes: Changes | None = None,
    note: str = "",
) -> Finding:
    """Move to the next state, save, record."""
    before, finding.state = finding.state, rules.STEPS[finding.state][step]
    moved = {"state": (before, finding.state)} if before != finding.state else {}
    return keep(finding, act or step, by, changes={**(changes or {}), **moved}, note=note)


def keep(
    finding: Finding, act: str, by: Post | None, *, changes: Changes, note: str = ""
) -> Finding:
    """Save a finding as it now is, with its stint and its audit entry."""
    finding.revision += 1
    mark(finding)
    finding.save()
    audit.record(by, f"ledger.finding.{act}", finding, changes=changes, note=note)
    return finding


def mark(finding: Finding) -> None:
    """经历：how it stands from now on; and whether a deadline was missed until now.

    A missed deadline is kept for ever: a later extension does not turn the lamp green again.
    """
    last = finding.stints.order_by("-pk").first()
    today = clock.today()
    late = last is not None and rules.is_overdue(last.state, last.due, today, last.requested_on)
    if late and last is not None and last.due is not None and finding.missed_on is None:
        finding.missed_on = last.due + ONE_DAY
    stands = (finding.state, finding.due, finding.requested_on, finding.lead_unit_id)
    if last is not None and stands == (
        last.state,
        last.due,
        last.requested_on,
        last.lead_unit_id,
    ):
        return
    Stint.objects.create(
        finding=finding,
        at=clock.now(),
        day=today,
        state=finding.state,
        due=finding.due,
        requested_on=finding.requested_on,
        lead_unit_id=finding.lead_unit_id,
    )


def next_round(finding: Finding) -> None:
    """返工：新的一轮要有新的佐证和新的核查。"""
    finding.round += 1
    finding.requested_by = finding.requested_on = None
