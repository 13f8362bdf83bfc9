"""The ladder of reminders: who is reminded of what today; slips as documents, mail as a digest."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries
from bihuan.ledger.models import Finding, Notice
from bihuan.people import queries as people
from bihuan.people.models import Post


@transaction.atomic
def remind(*, by: Post | None = None) -> list[Notice]:
    """催办：按阶梯给今天到级的问题发提醒、督办单；同一时限同一级只发一次，每个问题只发最重的一级。"""
    if by is not None:
        people.require(by, "ledger.assign")
    # Locked first and asked again: of two runs at the same moment only one sends.
    concerned = [reminder.finding.pk for reminder in queries.reminders_due()]
    list(Finding.objects.select_for_update().filter(pk__in=concerned).values_list("pk"))
    return [_send(reminder, by) for reminder in queries.reminders_due()]


def _send(reminder: queries.Reminder, by: Post | None) -> Notice:
    finding, rung = reminder.finding, reminder.rung
    assert finding.due is not None
    notice = Notice.objects.create(
        finding=finding,
        rung=rung["code"],
        name=rung["name"],
        slip=rung["slip"],
        due=finding.due,
        day=clock.today(),
        to=reminder.to,
    )
    if rung["slip"] != "none":
        notice.number = f"{clock.today().year}-{notice.pk:05d}"
        notice.save(update_fields=["number"])
    receiver = str(notice.to) if notice.to else None
    changes = {"slip": (None, rung["name"]), "to": (None, receiver)}
    audit.record(by, "ledger.finding.remind", finding, changes=changes)
    return notice


@transaction.atomic
def sign_notice(notice: Notice, *, by: Post) -> Notice:
    """签收督办单：收到的人或其单位签收，只签一次。"""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if not queries.may_sign(notice, by):
        raise Refused(_("这张督办单不是发给您的，请由收件人签收。"))
    if notice.seen_at is not None:
        raise Refused(_("这张督办单已经签收。"))
    notice.seen_by, notice.seen_at = by, clock.now()
    notice.save(update_fields=["seen_by", "seen_at"])
    audit.record(by, "ledger.finding.sign_notice", notice.finding, note=notice.number)
    return notice


@transaction.atomic
def mark_mailed(notices: list[Notice]) -> None:
    """记下已发邮件，以免再发。"""
    Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mailed_at=clock.now())
