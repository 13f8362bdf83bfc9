"""Verbs on persons and on the posts they hold."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.people import rules
from bihuan.people.models import Person, Post, Role, Unit
from bihuan.people.services.permissions import require, require_for

MANAGE = "people.manage"


@transaction.atomic
def add_person(
    *,
    by: Post | None,
    name: str,
    name_en: str = "",
    phone: str = "",
    email: str = "",
    note: str = "",
) -> Person:
    """登记人员。"""
    require(by, MANAGE)
    person = Person.objects.create(name=name, name_en=name_en, phone=phone, email=email, note=note)
    audit.record(by, "people.person.add", person)
    return person


@transaction.atomic
def amend_person(
    person: Person,
    *,
    by: Post | None,
    name: str,
    name_en: str = "",
    phone: str = "",
    email: str = "",
    note: str = "",
) -> Person:
    """更正人员登记：姓名、电话、邮箱、备注。"""
    require_for(by, MANAGE, person)
    before = Person.objects.select_for_update().get(pk=person.pk)
    person.name, person.name_en, person.phone, person.note = name, name_en, phone, note
    person.email = email
    changes = audit.changed(before, person, "name", "name_en", "phone", "email", "note")
    if not changes:
        return person
    person.save(update_fields=list(changes))
    # The chain can never be cut, so numbers and addresses must not get into it.
    for secret in sorted({"phone", "email"} & set(changes)):
        changes[secret] = (
            rules.masked(getattr(before, secret)),
            rules.masked(getattr(person, secret)),
        )
    audit.record(by, "people.person.amend", person, changes=changes)
    return person


@transaction.atomic
def appoint(
    person: Person,
    *,
    by: Post | None,
    unit: Unit,
    role: Role,
    title: str,
    title_en: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    primary_owner: bool = False,
    acting: bool = False,
) -> Post:
    """任职：把人、单位、角色在一段时间内连在一起；同一时间不得重复任同一职。"""
    require(by, MANAGE, at=unit)
    # Two appointments at once to the same unit wait for each other here.
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    period = (valid_from, valid_to)
    faults = [*_not_by_oneself(person, role, by), *_not_in_this_unit(unit, period)]
    if any(
        rules.overlapping((held.valid_from, held.valid_to), period)
        for held in person.posts.filter(unit=unit, role=role)
    ):
        faults.append(_("此人在这段时间已任这一职务。请先终止原任职，或改用其他日期。"))
    if primary_owner and _owned(unit, period):
        faults.append(_("该单位这段时间已有第一责任人。请先终止原第一责任人的任职。"))
    if faults:
        raise Refused.all(faults)
    post = Post.objects.create(
        person=person,
        unit=unit,
        role=role,
        title=title,
        title_en=title_en,
        valid_from=valid_from,
        valid_to=valid_to,
        primary_owner=primary_owner,
        acting=acting,
    )
    audit.record(by, "people.post.appoint", post, changes={"role": (None, str(role))})
    return post


@transaction.atomic
def amend_post(
    post: Post,
    *,
    by: Post | None,
    title: str,
    title_en: str = "",
    primary_owner: bool = False,
    acting: bool = False,
) -> Post:
    """更正任职登记：职务名称、是否第一责任人、是否代理；换单位或角色须另行任职。"""
    require(by, MANAGE, at=post.unit)
    before = Post.objects.select_for_update().get(pk=post.pk)
    others = _owned(post.unit, (post.valid_from, post.valid_to), apart_from=post)
    if primary_owner and others:
        raise Refused(_("该单位这段时间已有第一责任人。请先终止原第一责任人的任职。"))
    post.title, post.title_en = title, title_en
    post.primary_owner, post.acting = primary_owner, acting
    changes = audit.changed(before, post, "title", "title_en", "primary_owner", "acting")
    if changes:
        post.save(update_fields=list(changes))
        audit.record(by, "people.post.amend", post, changes=changes)
    return post


@transaction.atomic
def end_post(post: Post, *, by: Post | None, on: date, note: str = "") -> Post:
    """免职：任职到某日为止，记录保留。"""
    require(by, MANAGE, at=post.unit)
    post = Post.objects.select_for_update(of=("self",)).select_related(*_NAMED).get(pk=post.pk)
    faults = []
    if by is not None and by.person_id == post.person_id:
        faults.append(_("不能终止自己的任职。请由另一位管理员办理。"))
    if post.valid_from and on < post.valid_from:
        faults.append(_("终止日期不得早于任职起始日。请改用较晚的日期。"))
    if post.valid_to and post.valid_to <= on:
        faults.append(_("这一任职已于此前终止。不必再办。"))
    if faults:
        raise Refused.all(faults)
    before = post.valid_to
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    audit.record(by, "people.post.end", post, changes={"valid_to": (before, on)}, note=note)
    return post


_NAMED = ("person", "unit", "role")
_REACH = tuple(rules.REACHES)  # from the narrowest to the widest


def _not_by_oneself(person: Person, role: Role, by: Post | None) -> list[str]:
    """Nobody gives a post to themselves, nor to anyone a wider reach than their own: the three
    administrators stay three (handbook section 9)."""
    if by is None:
        return []
    faults = []
    if by.person_id == person.pk:
        faults.append(_("不能给自己任职。请由另一位管理员办理。"))
    if _REACH.index(role.reach) > _REACH.index(by.role.reach):
        faults.append(_("这一角色的范围大于您的范围。请由全区管理员任职。"))
    return faults


def _not_in_this_unit(unit: Unit, period: tuple[date | None, date | None]) -> list[str]:
    faults = []
    if period[0] and period[1] and period[1] < period[0]:
        faults.append(_("终止日期不得早于起始日期。请检查日期。"))
    if unit.valid_to and (period[1] is None or period[1] > unit.valid_to):
        faults.append(
            _("“%(unit)s”届时已撤销。请选择存续的单位，或填写任职终止日期。")
            % {"unit": unit.label()}
        )
    return faults


def _owned(
    unit: Unit, period: tuple[date | None, date | None], apart_from: Post | None = None
) -> bool:
    """Has the unit a primary owner on any day of this period?"""
    return any(
        rules.overlapping((held.valid_from, held.valid_to), period)
        for held in unit.posts.filter(primary_owner=True)
        if held != apart_from
    )
