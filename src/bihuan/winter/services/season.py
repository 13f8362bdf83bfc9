"""Verbs on plans and contracts: drafted, signed into force, ended; areas kept, stopped."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import tidy
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.roads.rules import KINDS
from bihuan.winter.models import Contract, Season

MANAGE, SIGN = "winter.manage", "winter.sign"


@transaction.atomic
def draft_season(
    *,
    by: Post | None,
    title: str,
    starts: date,
    ends: date,
    text: str = "",
    title_en: str = "",
    sample: bool = False,
) -> Season:
    """拟预案：一个冬天的，从哪天到哪天；签发以前可以改。"""
    if by is not None:
        people.require(by, MANAGE)
    _checked(title, starts, ends)
    made = Season.objects.create(
        title=tidy(title),
        title_en=tidy(title_en),
        starts=starts,
        ends=ends,
        text=tidy(text),
        by=by,
        sample=sample,
    )
    audit.record(by, "winter.season.draft", made)
    return made


def _checked(title: str, starts: date, ends: date) -> None:
    faults = []
    if not title.strip():
        faults.append(_("请写预案的名称。"))
    if ends <= starts:
        faults.append(_("结束的日期要晚于开始的日期。"))
    elif (ends - starts).days > 366:
        faults.append(_("一份预案管一个冬天，不超过一年。"))
    if faults:
        raise Refused.all(faults)


@transaction.atomic
def amend_season(
    season: Season, *, by: Post | None, title: str, starts: date, ends: date, text: str = ""
) -> Season:
    """改预案：只有没签发的可以改。"""
    if by is not None:
        people.require(by, MANAGE)
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    if season.state != "draft":
        raise Refused(_("签发了的预案不能改。请另拟一份，签发后代替它。"))
    _checked(title, starts, ends)
    told = {"title": tidy(title), "starts": starts, "ends": ends, "text": tidy(text)}
    changes = {
        name: (str(getattr(season, name)), str(value))
        for name, value in told.items()
        if getattr(season, name) != value
    }
    for name, value in told.items():
        setattr(season, name, value)
    season.save(update_fields=list(told))
    audit.record(by, "winter.season.amend", season, changes=changes)
    return season


@transaction.atomic
def sign_season(season: Season, *, by: Post | None) -> Season:
    """签发预案：从此执行；原来执行的一份随即结束。"""
    if by is not None:
        people.require(by, SIGN)
    rows = {one.pk: one for one in Season.objects.select_for_update(of=("self",)).order_by("pk")}
    season = rows[season.pk]
    faults = []
    if season.state != "draft":
        faults.append(_("这份预案已经签发过。"))
    if season.ends < clock.today():
        faults.append(_("这份预案的日子已经过去，不能签发。"))
    if by is not None and season.by is not None and season.by.person_id == by.person_id:
        faults.append(_("预案由拟定人以外的人签发。"))
    if faults:
        raise Refused.all(faults)
    for one in rows.values():
        if one.state == "in_force":
            one.state = "over"
            one.save(update_fields=["state"])
            audit.record(by, "winter.season.over", one)
    season.state, season.signed_at, season.signed_by = "in_force", clock.now(), by
    season.save(update_fields=["state", "signed_at", "signed_by"])
    audit.record(by, "winter.season.sign", season)
    return season


@transaction.atomic
def end_season(season: Season, *, by: Post | None) -> Season:
    """结束一季。"""
    if by is not None:
        people.require(by, SIGN)
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    if season.state != "in_force":
        raise Refused(_("只有执行中的预案能结束。"))
    season.state = "over"
    season.save(update_fields=["state"])
    audit.record(by, "winter.season.over", season)
    return season


# Contracts ----------------------------------------------------------------------------------------


@transaction.atomic
def add_contract(
    *,
    by: Post | None,
    unit: Unit,
    number: str,
    starts: date,
    ends: date,
    kinds: Sequence[str] = (),
    streets: Sequence[str] = (),
    note: str = "",
    sample: bool = False,
) -> Contract:
    """登记合同：编号、起止、管哪些等级的哪些道路；不写道路的是全区。"""
    if by is not None:
        people.require(by, MANAGE)
    faults = []
    if not number.strip():
        faults.append(_("请写合同编号。"))
    elif Contract.objects.filter(number=number.strip()).exists():
        faults.append(_("合同编号“%(number)s”已经登记过。") % {"number": number.strip()})
    if ends < starts:
        faults.append(_("合同结束的日期不能早于开始的日期。"))
    if unit.kind != "contractor":
        faults.append(_("“%(unit)s”不是登记的营运公司。") % {"unit": unit.label()})
    faults += [_("没有“%(kind)s”这一类道路。") % {"kind": one} for one in kinds if one not in KINDS]
    if faults:
        raise Refused.all(faults)
    named = list(dict.fromkeys(tidy(one) for one in streets if one.strip()))
    made = Contract.objects.create(
        unit=unit,
        number=number.strip(),
        starts=starts,
        ends=ends,
        kinds=list(kinds),
        streets=named,
        note=tidy(note),
        by=by,
        sample=sample,
    )
    audit.record(by, "winter.contract.add", made)
    return made


@transaction.atomic
def stop_contract(contract: Contract, *, by: Post | None, on: date, why: str) -> Contract:
    """提前终止合同，写明原因；范围随即空出来。"""
    if by is not None:
        people.require(by, MANAGE)
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    faults = []
    if contract.stopped_on is not None:
        faults.append(_("这份合同已经终止。"))
    if not why.strip():
        faults.append(_("请写终止的原因。"))
    if not contract.starts <= on <= contract.ends:
        faults.append(_("终止的日期要在合同的起止之间。"))
    if faults:
        raise Refused.all(faults)
    contract.stopped_on, contract.stopped_why = on, tidy(why)
    contract.save(update_fields=["stopped_on", "stopped_why"])
    audit.record(by, "winter.contract.stop", contract, note=why)
    return contract
