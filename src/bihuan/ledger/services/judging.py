"""Judging the work, never by those who did it: verify, close, re-check, reopen, cancel."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries
from bihuan.ledger.models import Finding, Recheck, Verification
from bihuan.ledger.services import signs
from bihuan.ledger.services.raising import next_number, signatures_for
from bihuan.ledger.services.steps import mark, next_round, opened, take
from bihuan.people.models import Post


@transaction.atomic
def take_up(finding: Finding, *, by: Post, note: str = "") -> Finding:
    """受理核查。"""
    return take(opened(finding, "take_up", by), "take_up", by, note=note)


@transaction.atomic
def verify(finding: Finding, *, by: Post, passed: bool, opinion: str, way: str) -> Verification:
    """核查：由未参与整改的人确认结果；不通过即退回整改，开始新的一轮。"""
    if not opinion.strip():
        raise Refused(_("请写明核查意见。"))
    step = "verify" if passed else "send_back"
    finding = opened(finding, step, by)
    if passed:
        signed = queries.passed_by(finding)
        if len(signed) >= finding.signatures:
            raise Refused(_("本轮已核查通过，不必重复核查。"))
        if by.person_id in signed:
            raise Refused(_("您已核查通过，还须另一人核查。请由另一名核查人办理。"))
    verification = Verification.objects.create(
        finding=finding, round=finding.round, way=way, passed=passed, opinion=opinion, by=by
    )
    if not passed:
        next_round(finding)
    take(finding, step, by, act="pass" if passed else step, note=opinion)
    return verification


@transaction.atomic
def close(finding: Finding, *, by: Post, note: str = "") -> Finding:
    """销号：须有佐证，须核查通过，下级须已销号；责任单位不得给自己销号。"""
    finding = opened(finding, "close", by)
    if faults := queries.missing_for_close(finding):
        raise Refused.all(faults)
    finding.closed_on = clock.today()
    finding = take(finding, "close", by, note=note)
    signs.look(finding)
    return finding


@transaction.atomic
def recheck(
    finding: Finding, *, by: Post, held: bool, opinion: str, due: date | None = None
) -> Recheck:
    """回头看：没有反弹则记下；有反弹则另立新问题，与原问题相连，原问题的记录不动。"""
    finding = opened(finding, "recheck", by)
    faults = []
    window = queries.window(finding)
    if window is not None and not queries.may_recheck_today(finding):
        faults.append(
            _("还没到回头看的时候，最早可于 %(day)s 进行。") % {"day": clock.in_words(window[0])}
        )
    if not held and (due is None or due < clock.today()):
        faults.append(_("有反弹的要重新整改。请定一个今天或以后的时限。"))
    if faults:
        raise Refused.all(faults)
    row = Recheck.objects.create(
        finding=finding, round=finding.round, held=held, opinion=opinion, by=by
    )
    if held or due is None:
        take(finding, "recheck", by, note=opinion)
    else:
        again = _return_of(finding, by=by, due=due, opinion=opinion)
        changes = {"returns": (None, again.number)}
        take(finding, "recheck", by, act="recheck_failed", changes=changes, note=opinion)
    return row


def _return_of(finding: Finding, *, by: Post, due: date, opinion: str) -> Finding:
    """The new finding of a problem that came back: assigned at once to the same unit."""
    again = Finding(
        number=next_number(),
        title=finding.title,
        description=opinion,
        category=finding.category,
        source="recheck",
        source_number=finding.number,
        place=finding.place,
        place_key=finding.place_key,
        risk="high",
        goal=finding.goal,
        standard=finding.standard,
        rect_kind="dated",
        state="assigned",
        lead_unit=finding.lead_unit,
        leader=finding.leader,
        due=due,
        first_due=due,
        assigned_on=clock.today(),
        previous=finding,
        raised_by=by,
    )
    again.signatures = signatures_for(again)
    again.save()
    again.assist_units.set(finding.assist_units.all())
    mark(again)
    changes = {"previous": (None, finding.number), "due": (None, due)}
    audit.record(by, "ledger.finding.return", again, changes=changes, note=opinion)
    return again


@transaction.atomic
def reopen(finding: Finding, *, by: Post, due: date, note: str) -> Finding:
    """重新打开：销号有误的，写明原因，定新的时限；最初时限仍保留。"""
    finding = opened(finding, "reopen", by)
    if due < clock.today():
        raise Refused(_("时限不得早于今天。请改为今天或以后的日期。"))
    if finding.parent is not None and finding.parent.state == "closed":
        raise Refused(_("上级问题已经销号。请先重新打开上级问题。"))
    next_round(finding)
    before = finding.due
    finding.closed_on = None
    finding.due = max(due, finding.first_due or due)
    changes = {"due": (before, finding.due)}
    return take(finding, "reopen", by, changes=changes, note=note)


@transaction.atomic
def cancel(finding: Finding, *, by: Post, note: str) -> Finding:
    """撤销：交办后发现不应整改的，经批准撤销，写明理由，编号保留；有下级未了结的不能撤销。"""
    finding = opened(finding, "cancel", by)
    if queries.open_children(finding).exists():
        raise Refused(_("分解到下级的问题还没有了结。请先处理下级的问题。"))
    return take(finding, "cancel", by, note=note)
