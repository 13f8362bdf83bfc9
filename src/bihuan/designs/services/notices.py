"""Verbs on public notices: publish, say what became of the opinions, take down, receive."""

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotFound, Refused
from bihuan.base.text import tidy
from bihuan.days import queries as days
from bihuan.designs import queries, rules
from bihuan.designs.models import (
    Aspect,
    Contact,
    Notice,
    NoticePage,
    Opinion,
    Scheme,
    SchemeVersion,
)
from bihuan.designs.rules import words
from bihuan.designs.services.doors import locked, managing
from bihuan.designs.services.opinions import laid_down
from bihuan.exchange import drawings
from bihuan.files import services as files
from bihuan.people.models import Post
from bihuan.press.services import visits

_SHOWN_PX = 1800


def publish(
    scheme: Scheme,
    *,
    by: Post | None,
    version: SchemeVersion,
    title: str,
    text: str,
    first: date,
    last: date,
    pages: Sequence[int],
    asking: str = "",
    sample: bool = False,
) -> Notice:
    """公示：选定的页做成图片，在公示期里给所有人看；原文件、文字层、脚本都不出去。"""
    managing(by)
    _checked(scheme, version, title, text, first, last, pages)
    with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
        shown = _pictures(version, pages, Path(folder))
        with transaction.atomic():
            scheme = locked(scheme)
            notice = Notice.objects.create(
                scheme=scheme, version=version, title=" ".join(title.split()), text=text.strip(),
                asking=asking.strip(), first=first, last=last, by=by, sample=sample,
            )  # fmt: skip
            for page, path in shown.items():
                upload = SimpleUploadedFile(f"{page}.jpg", path.read_bytes())
                kept = files.keep(upload, by=by, title=f"{notice} {page}", thing=notice)
                NoticePage.objects.create(notice=notice, page=page, kept=kept)
            changes = {
                "version": (None, version.number),
                "first": (None, first),
                "last": (None, last),
                "pages": (None, rules.pages_of(pages)),
            }
            audit.record(by, "designs.notice.publish", notice, changes=changes)
    return notice


def _checked(
    scheme: Scheme, version: SchemeVersion, title: str, text: str, first: date, last: date,
    pages: Sequence[int],
) -> None:  # fmt: skip
    faults = []
    if not title.strip():
        faults.append(_("请写公示标题。"))
    if not text.strip():
        faults.append(_("请写公示说明：是什么项目，在哪里，怎样提意见。"))
    if version.scheme_id != scheme.pk:
        faults.append(_("这一版不是这个方案的。请改选。"))
    if first < clock.today():
        faults.append(_("公示不能从过去的日子开始。请改为今天或以后的日期。"))
    earliest = days.due(first, rules.NOTICE_LIMIT).due
    if last < earliest:
        faults.append(
            _("公示期太短：从 %(first)s 起，至少到 %(earliest)s。请推迟截止日期。")
            % {"first": clock.in_words(first), "earliest": clock.in_words(earliest)}
        )
    if not 1 <= len(pages) <= rules.MOST_NOTICE_PAGES:
        faults.append(_("请选 1 至 %(most)d 页公示。") % {"most": rules.MOST_NOTICE_PAGES})
    elif not all(1 <= page <= version.pages for page in pages):
        faults.append(
            _("第 %(n)d 版共 %(pages)d 页。请改正要公示的页码。")
            % {"n": version.number, "pages": version.pages}
        )
    if faults:
        raise Refused.all(faults)


def _pictures(version: SchemeVersion, pages: Sequence[int], folder: Path) -> dict[int, Path]:
    targets = {page: folder / f"{page}.jpg" for page in pages}
    by_file: dict[int, list[drawings.Leaf]] = {}
    found = {}
    for page, target in targets.items():
        file, number = queries.leaf(version, page)
        found[file.pk] = file
        by_file.setdefault(file.pk, []).append(drawings.Leaf(number, target))
    for pk, leaves in by_file.items():
        try:
            drawings.picture(queries.bytes_of(found[pk]), leaves, longest=_SHOWN_PX, kind="jpg")
        except drawings.Unreadable as fault:
            told = {"name": found[pk].kept.name, **fault.params}
            raise Refused(_(words.DRAWING[fault.code]) % told) from fault
    return targets


@transaction.atomic
def tell_outcome(notice: Notice, *, by: Post | None, outcome: str) -> Notice:
    """公布办理情况：公众意见怎样办的，写给大家看；不写是谁提的。"""
    managing(by)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if not outcome.strip():
        raise Refused(_("请写公众意见的办理情况。"))
    before, notice.outcome = notice.outcome, outcome.strip()
    notice.save(update_fields=["outcome"])
    changes = {"outcome": (before or None, notice.outcome)}
    audit.record(by, "designs.notice.outcome", notice, changes=changes)
    return notice


@transaction.atomic
def take_down(notice: Notice, *, by: Post | None, reason: str) -> Notice:
    """撤下公示：写明原因；收到的意见都留着。"""
    managing(by)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if not reason.strip():
        raise Refused(_("请写明撤下的原因。"))
    if notice.withdrawn:
        raise Refused(_("这次公示已经撤下。"))
    notice.withdrawn = reason.strip()
    notice.save(update_fields=["withdrawn"])
    audit.record(by, "designs.notice.take_down", notice, note=reason)
    return notice


@transaction.atomic
def receive(
    notice: Notice,
    *,
    text: str,
    aspect: Aspect,
    address: str,
    page: int | None = None,
    contact: str = "",
) -> Opinion:
    """收公众意见：不问是谁；联系方式可留可不留，只供回复。一个来处一小时至多几条。

    `address` is where the request came from: it is not stored, only counted for a day under a key
    that changes daily.
    """
    found = Notice.objects.select_for_update(of=("self",)).select_related("version")
    notice = found.get(pk=notice.pk)
    if not queries.notices.is_open(notice):
        raise NotFound(_("这次公示现在不收意见。公示期以公示页上写的为准。"))
    visits.require_written(text)
    if page is not None and not notice.pages.filter(page=page).exists():
        raise Refused(_("公示里没有这一页。请改选。"))
    visits.count(f"designs.notice:{notice.pk}", address)
    scheme = Scheme.objects.select_for_update().get(pk=notice.scheme_id)
    opinion = laid_down(
        scheme, by=None, version=notice.version, page=page, aspect=aspect, source="public",
        notice=notice, text=tidy(text), priority="note",
    )  # fmt: skip
    if contact.strip():
        Contact.objects.create(opinion=opinion, text=tidy(contact)[:120])
    audit.record(None, "designs.notice.receive", notice, changes={"number": (None, opinion.number)})
    return opinion
