"""What runs by itself every day: the reminders that are due, and one mail to each receiver.

Called from the command line by the server's own timetable (docs/how-to/reminders.md). A notice
exists as soon as it stands on the page; mail only tells of it, and a mail that fails is tried
again by the next run.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.ledger import queries, services
from bihuan.ledger.models import Notice

log = logging.getLogger("bihuan.ledger")


@dataclass(frozen=True)
class Digest:
    """One mail: to whom, what it says, which notices it tells of."""

    to: str
    subject: str
    text: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Report:
    """What one run did: reminders sent, mails sent, addresses to which mail failed."""

    reminders: tuple[queries.Reminder, ...]
    mailed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    without_address: tuple[str, ...] = ()


def daily(*, dry_run: bool = False) -> Report:
    """每日催办：到级的发提醒、督办单，每个收件人合并为一封邮件；`dry_run` 只看不发。"""
    due = tuple(queries.reminders_due())
    if dry_run:
        return Report(due)
    services.remind()
    mailed: list[str] = []
    failed: list[str] = []
    waiting, nowhere = _digests(queries.not_mailed()) if settings.SENDS_MAIL else ([], [])
    # Mail goes out only when the notices are really stored; a caller may hold a transaction open.
    transaction.on_commit(partial(_send, waiting, mailed, failed))
    return Report(due, tuple(mailed), tuple(failed), tuple(nowhere))


def _digests(found: Sequence[Notice]) -> tuple[list[Digest], list[str]]:
    """One mail for each address, and the receivers who have none."""
    mails, nowhere = [], []
    with translation.override(settings.LANGUAGE_CODE):
        for post, notices in queries.by_receiver(found):
            if address := queries.contact(post):
                mails.append(_digest(address, notices))
            else:
                nowhere.append(post.label())
    return mails, nowhere


def _digest(address: str, notices: Sequence[Notice]) -> Digest:
    lines = []
    for notice in notices:
        about = {
            "slip": queries.label({"name": notice.name}),
            "number": notice.number or notice.finding.number,
            "finding": str(notice.finding),
            "due": clock.in_words(notice.due),
        }
        if notice.number:
            lines.append(_("%(slip)s %(number)s：%(finding)s，时限 %(due)s") % about)
        else:
            lines.append(_("%(slip)s：%(finding)s，时限 %(due)s") % about)
    subject = ngettext("整改催办：%(n)d 件", "整改催办：%(n)d 件", len(lines)) % {"n": len(lines)}
    end = _("请登录系统，在“台账”的“催办”中查看、签收。这封邮件由系统自动发出，请勿回复。")
    text = "\n".join([*(f"{i}. {line}" for i, line in enumerate(lines, 1)), "", end, ""])
    return Digest(address, subject, text, tuple(notices))


def _send(digests: Sequence[Digest], mailed: list[str], failed: list[str]) -> None:
    for digest in digests:
        message = EmailMessage(
            digest.subject,
            digest.text,
            settings.DEFAULT_FROM_EMAIL,
            [digest.to],
            connection=get_connection(),
        )
        try:
            message.send()
        except (OSError, ValueError) as fault:  # SMTPException is an OSError; a bad address
            log.warning("mail to %s failed: %s", digest.to, fault)
            failed.append(digest.to)
        else:
            services.mark_mailed(list(digest.notices))
            mailed.append(digest.to)
