"""The ladder of reminders: who is reminded of what today; slips as documents, mail as a digest."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.ledger import queries
from bihuan.ledger.models import Finding, Notice, Series
from bihuan.people import queries as people
from bihuan.people.models import Post

audit.declare({}, {"ledger.finding.slip": zh("催办"), "ledger.finding.to": zh("发给")})


@transaction.atomic
def remind(*, by: Post | None = None) -> list[Notice]:
    """催办：按阶梯给今天到级的问题发提醒、督办单；同一时限同一级只发一次，每个问题只发最重的一级。"""
    if by is not None:
        people.require(by, "ledger.assign")
    # Locked first and asked again: of two runs at the same moment only one sends.
    concerned = [reminder.finding.pk for reminder in queries.reminders_due()]
    _lock(concerned)
    return [_send(reminder, by) for reminder in queries.reminders_due()]


@transaction.atomic
def remind_of(finding: Finding, *, by: Post) -> Notice:
    """催办一个问题：发今天到级的那一级；没有到级的、已经发过的，说明原因。"""
    people.require(by, "ledger.assign")
    _lock([finding.pk])
    due = queries.reminders_due(among=Finding.objects.filter(pk=finding.pk))
    if not due:
        raise Refused(_("今天没有到级的催办：不在责任单位手里，没到时候，或这一级已经发过。"))
    return _send(due[0], by)


@transaction.atomic
def approve_notice(finding: Finding, *, by: Post) -> Notice:
    """批准约谈、通报：到了须批准的一级，批准即发出；每日催办不会自己发。"""
    people.require(by, "ledger.notice")
    _lock([finding.pk])
    waiting = queries.waiting_for_approval(among=Finding.objects.filter(pk=finding.pk))
    if not waiting:
        raise Refused(_("这个问题现在没有等待批准的催办。请刷新页面看最新的情况。"))
    return _send(waiting[0], by)


def _lock(findings: list[int]) -> None:
    """In the same order for everybody, so that two runs never wait for each other in a circle."""
    locked = Finding.objects.select_for_update().filter(pk__in=findings).order_by("pk")
    list(locked.values_list("pk"))


def _send(reminder: queries.Reminder, by: Post | None) -> Notice:
    finding, rung, slip = reminder.finding, reminder.rung, reminder.slip
    assert finding.due is not None
    notice = Notice.objects.create(
        finding=finding,
        rung=rung["code"],
        name=rung["name"],
        slip=slip["code"],
        to_sign=slip["sign"],
        due=finding.due,
        day=clock.today(),
        to=reminder.to,
        by=by,
    )
    if notice.to_sign:
        notice.number = _next_number()
        notice.save(update_fields=["number"])
    receiver = str(notice.to) if notice.to else None
    changes = {"slip": (None, rung["name"]), "to": (None, receiver)}
    audit.record(by, "ledger.finding.remind", finding, changes=changes)
    return notice


def _next_number() -> str:
    """单号：每年从 1 起，不跳号。The year's series is locked as for findings, so none is shared."""
    year = clock.today().year
    Series.objects.select_for_update().get_or_create(year=year)
    newest = Notice.objects.filter(number__startswith=f"{year}-").order_by("-number").first()
    last = int(newest.number.partition("-")[2]) if newest else 0
    return f"{year}-{last + 1:05d}"


@transaction.atomic
def sign_notice(notice: Notice, *, by: Post) -> Notice:
    """签收督办单：收到的人或其单位签收，只签一次。"""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if not queries.may_sign(notice, by):
        raise Refused(_("这张督办单不是发给您的，请由收件人签收。"))
    if not notice.to_sign:
        raise Refused(_("这是提醒，不必签收。"))
    if notice.seen_at is not None:
        raise Refused(_("这张督办单已经签收。"))
    notice.seen_by, notice.seen_at = by, clock.now()
    notice.save(update_fields=["seen_by", "seen_at"])
    audit.record(by, "ledger.finding.sign_notice", notice.finding, note=notice.number)
    return notice


@transaction.atomic
def claim_mail() -> list[Notice]:
    """认领要发的邮件：两次运行同时认领，一件只归一次，不会发两遍。

    A claim is good for a while only: what a run that died had claimed is sent by the next one.
    """
    waiting = {notice.pk: notice for notice in queries.not_mailed()}
    free = Notice.objects.select_for_update().filter(queries.unclaimed(), pk__in=waiting)
    mine = list(free.order_by("pk").values_list("pk", flat=True))
    Notice.objects.filter(pk__in=mine).update(claimed_at=clock.now())
    return [notice for pk, notice in waiting.items() if pk in mine]


@transaction.atomic
def settle_mail(notices: Sequence[Notice], *, sent: bool) -> None:
    """邮件发出了，或没有发成；没有发成的下次再发。"""
    told = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    told.update(claimed_at=None, **({"mailed_at": clock.now()} if sent else {}))
