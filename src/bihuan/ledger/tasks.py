"""What runs by itself every day: the reminders that are due, and one mail to each address.

Called from the command line by the server's own timetable (docs/how-to/reminders.md). A notice
exists as soon as it stands on the page; mail only tells of it, and a mail that fails is tried
again by the next run.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.ledger import queries, services
from bihuan.ledger.models import Notice

log = logging.getLogger("bihuan.ledger")


@dataclass(frozen=True)
class Mail:
    """One mail: what it says, which notices it tells of."""

    to: str
    subject: str
    text: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Mailed:
    """What became of the mails: addresses that got theirs, that did not; who has no address."""

    mailed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    without_address: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report(Mailed):
    """What one run did: reminders sent, those that wait for approval, mails."""

    reminders: tuple[queries.Reminder, ...] = ()
    waiting: tuple[queries.Reminder, ...] = ()


def daily(*, dry_run: bool = False) -> Report:
    """每日催办：到级的发提醒、督办单，每个邮箱合并为一封邮件；`dry_run` 只看不发。"""
    due = tuple(queries.reminders_due())
    waiting = tuple(queries.waiting_for_approval())
    if dry_run:
        return Report(reminders=due, waiting=waiting)
    sent = {notice.finding_id for notice in services.remind()}
    done = send_mail()
    return Report(
        done.mailed,
        done.failed,
        done.without_address,
        tuple(one for one in due if one.finding.pk in sent),
        waiting,
    )


def send_mail() -> Mailed:
    """发邮件：没有发过的催办，每个邮箱一封；没有设邮件的什么也不做。

    A mail server that cannot be reached is asked once, not once for each mail.
    """
    if not settings.SENDS_MAIL:
        return Mailed()
    mails, nowhere = _mails(services.claim_mail())
    mailed: list[str] = []
    failed: list[str] = []
    connection = get_connection()
    try:
        connection.open()
    except OSError as fault:
        log.warning("mail server cannot be reached: %s", fault)
        for mail in mails:
            services.settle_mail(mail.notices, sent=False)
        return Mailed((), tuple(mail.to for mail in mails), nowhere)
    try:
        for mail in mails:
            ok = _send(mail, connection)
            services.settle_mail(mail.notices, sent=ok)
            (mailed if ok else failed).append(mail.to)
    finally:
        connection.close()
    return Mailed(tuple(mailed), tuple(failed), nowhere)


def _mails(found: Sequence[Notice]) -> tuple[list[Mail], tuple[str, ...]]:
    """One mail for each address, and the receivers who have none."""
    mails: list[Mail] = []
    nowhere: dict[str, None] = {}
    with translation.override(settings.LANGUAGE_CODE):
        for address, notices in queries.by_address(found):
            if address:
                mails.append(_mail(address, notices))
                continue
            services.settle_mail(notices, sent=False)
            nowhere |= {notice.to.label(): None for notice in notices if notice.to}
    return mails, tuple(nowhere)


def _mail(address: str, notices: Sequence[Notice]) -> Mail:
    lines = []
    for notice in notices:
        about = {
            "slip": notice.name,
            "number": notice.number,
            "finding": str(notice.finding),
            "due": clock.in_words(notice.due),
        }
        if notice.number:
            lines.append(_("%(slip)s %(number)s：%(finding)s，时限 %(due)s") % about)
        else:
            lines.append(_("%(slip)s：%(finding)s，时限 %(due)s") % about)
    n = len(lines)
    subject = ngettext("整改催办：%(n)d 件", "整改催办：%(n)d 件", n) % {"n": n}
    end = _("请登录系统，在“台账”的“催办”中查看、签收。这封邮件由系统自动发出，请勿回复。")
    text = "\n".join([*(f"{i}. {line}" for i, line in enumerate(lines, 1)), "", end, ""])
    return Mail(address, subject, text, tuple(notices))


def _send(mail: Mail, connection: Any) -> bool:
    message = EmailMessage(
        mail.subject,
        mail.text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        connection=connection,
    )
    try:
        return bool(message.send())
    except (OSError, ValueError) as fault:  # SMTPException is an OSError; a bad address
        log.warning("mail to %s failed: %s", mail.to, fault)
        return False
