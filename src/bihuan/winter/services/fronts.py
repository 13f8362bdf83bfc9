"""Verbs on fronts: registered one by one or from a sheet, looked at, urged, made a finding."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import tidy
from bihuan.exchange.sheet import Line
from bihuan.files import services as files
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.winter.models import Front, FrontCheck
from bihuan.winter.queries import fronts as queries
from bihuan.winter.queries import tables

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MANAGE, CHECK = "winter.manage", "winter.check"
HEADS = ("道路", "商户", "门前范围", "哪一种", "责任单位")
_LONGEST = 120


@transaction.atomic
def register_front(
    *,
    by: Post | None,
    street: str,
    name: str,
    unit: Unit,
    duties: str,
    stretch: str = "",
    inspector: Post | None = None,
    sample: bool = False,
) -> Front:
    """登记门面：哪条街哪家，按哪一种门前五包，由谁检查。不写店主姓名和电话。"""
    if by is not None:
        people.require(by, MANAGE)
    faults = _faults(street, name, duties)
    if (
        not faults
        and Front.objects.filter(street=tidy(street), name=tidy(name), gone=False).exists()
    ):
        faults.append(_("%(street)s的“%(name)s”已经登记过。") % {"street": street, "name": name})
    if faults:
        raise Refused.all(faults)
    made = Front.objects.create(
        street=tidy(street),
        name=tidy(name),
        unit=unit,
        duties=duties,
        stretch=tidy(stretch),
        inspector=inspector,
        by=by,
        sample=sample,
    )
    audit.record(by, "winter.front.register", made)
    return made


def _faults(street: str, name: str, duties: str) -> list[str]:
    faults = []
    if not street.strip() or len(street) > _LONGEST:
        faults.append(_("请写道路，不超过 %(n)d 个字。") % {"n": _LONGEST})
    if not name.strip() or len(name) > _LONGEST:
        faults.append(_("请写商户，不超过 %(n)d 个字。") % {"n": _LONGEST})
    if duties not in tables.TABLE.labels("lists"):
        faults.append(_("没有“%(list)s”这一种门前五包。") % {"list": duties})
    return faults


@transaction.atomic
def import_fronts(lines: Sequence[Line], *, by: Post | None) -> tuple[int, int]:
    """整表登记：道路、商户、门前范围、哪一种、责任单位；不对的一行一句，一处不对都不存。

    Returns how many were registered and how many had been there before.
    """
    if by is not None:
        people.require(by, MANAGE)
    rows = [one for one in lines if one.cells[:2] != HEADS[:2]]
    if not rows:
        raise Refused(
            _("表里没有可登记的行。每行依次写：%(heads)s。") % {"heads": "、".join(HEADS)}
        )
    faults: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    there = set(Front.objects.filter(gone=False).values_list("street", "name"))
    units: dict[str, Unit | None] = {}
    made = []
    for line in rows:
        cells = (*line.cells, "", "", "", "", "")
        street, name, stretch, duties, unit = (tidy(cell) for cell in cells[:5])
        told = _faults(street, name, _list_of(duties))
        if unit not in units:  # asked once for each name: a sheet has hundreds of rows
            units[unit] = people.unit_called(unit) if unit else None
        found = units[unit]
        if found is None:
            told.append(_("没有叫“%(unit)s”的单位。") % {"unit": unit or "—"})
        if (street, name) in seen:
            told.append(_("与第 %(n)d 行重复。") % {"n": seen[street, name]})
        seen.setdefault((street, name), line.number)
        faults += [_("第 %(n)d 行：%(what)s") % {"n": line.number, "what": one} for one in told]
        if not told and found is not None and (street, name) not in there:
            made.append(
                Front(
                    street=street,
                    name=name,
                    stretch=stretch[:160],
                    duties=_list_of(duties),
                    unit=found,
                    by=by,
                )
            )
    if faults:
        raise Refused.all(faults)
    Front.objects.bulk_create(made)
    if made:
        audit.record(by, "winter.front.import", made[0], note=_("%(n)d 处") % {"n": len(made)})
    return len(made), len(rows) - len(made)


def _list_of(text: str) -> str:
    """The code of a list: as it is, by its name, or the first one where nothing is written."""
    names = tables.TABLE.labels("lists")
    by_name = {name: code for code, name in names.items()}
    return by_name.get(text, text.lower() or next(iter(names), ""))


@transaction.atomic
def check_front(
    front: Front,
    *,
    by: Post | None,
    missed: Collection[str] = (),
    note: str = "",
    photo: "UploadedFile[bytes] | None" = None,
) -> FrontCheck:
    """查看门前：哪几包没做到；没做到的当场催办，给几小时；都做到了就是做到了。"""
    if by is not None and not queries.may_check(by, front):
        raise people.not_allowed(by)
    front = Front.objects.select_for_update(of=("self",)).get(pk=front.pk)
    known = queries.duties(front)
    faults = [
        _("这处门前没有“%(code)s”这一包。") % {"code": one} for one in missed if one not in known
    ]
    if front.gone:
        faults.append(_("这处门面已注销。"))
    if faults:
        raise Refused.all(faults)
    kept = None
    if photo is not None:
        kept = files.keep(photo, by=by, title=str(front), thing=front)
    hours = tables.setting("front_hours")
    made = FrontCheck.objects.create(
        front=front,
        at=clock.now(),
        missed=sorted(missed),
        note=tidy(note),
        urged_until=clock.now() + timedelta(hours=hours) if missed else None,
        photo=kept,
        by=by,
    )
    audit.record(by, "winter.front.check", made, changes={"missed": (None, len(made.missed))})
    return made


@transaction.atomic
def raise_front(check: FrontCheck, *, by: Post) -> Finding:
    """催了还没做到的，列为问题：只就最近一次查看、催办到期以后列，只列一次。"""
    check = FrontCheck.objects.select_related("front__unit").get(pk=check.pk)
    front, faults = check.front, []
    if check.ok:
        faults.append(_("这次都做到了，没有可列为问题的。"))
    if queries.newest_check(front) != check:
        faults.append(_("后来又查看过。请就最近一次列。"))
    faults += ledger_queries.already_raised(check)
    if faults:
        raise Refused.all(faults)
    until = check.urged_until
    if until is not None and clock.now() < until and not _urged_before(check):
        raise Refused(_("催办还没有到期。到期再看，仍没做到的再列为问题。"))
    names = queries.duties(front)
    missed = "、".join(names.get(code, code) for code in check.missed)
    finding = ledger.raise_finding(
        by=by,
        title=_("%(front)s：门前没有做到%(missed)s") % {"front": front, "missed": missed},
        description=_("催办以后仍没有做到：%(missed)s。%(note)s")
        % {"missed": missed, "note": check.note},
        category=_("门前五包"),
        source="supervision",
        place=front.street,
        origin=check,
    )
    audit.record(by, "winter.front.raise", check, changes={"finding": (None, finding.number)})
    return finding


def _urged_before(check: FrontCheck) -> bool:
    """Was the front urged already by the check before this one?"""
    before = check.front.checks.filter(pk__lt=check.pk).order_by("-pk").first()
    return before is not None and not before.ok


@transaction.atomic
def strike_front(front: Front, *, by: Post | None, why: str) -> Front:
    """注销门面：已不在了，写明为什么；查看的记录都留着。"""
    if by is not None:
        people.require(by, MANAGE)
    if not why.strip():
        raise Refused(_("请写注销的原因。"))
    front = Front.objects.select_for_update(of=("self",)).get(pk=front.pk)
    front.gone = True
    front.save(update_fields=["gone"])
    audit.record(by, "winter.front.strike", front, note=why)
    return front
