"""Verbs on units: registered, renamed, tied, moved, merged, ended; nothing of the past is lost."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people import queries, rules
from bihuan.people.models import Post, Tie, Unit, UnitName
from bihuan.people.services.permissions import require, require_everywhere

MANAGE = "people.manage"
ALIAS = "people.alias"  # a part of MANAGE that whoever imports workbooks needs too

Guard = Callable[[Unit, date], Iterable[str]]
_guards: list[Guard] = []


def guard(function: Guard) -> Guard:
    """守门：其他房间登记，单位存续到某日之前须先办妥什么；还没办妥的，每件一句话。

    `function(unit, day)` is asked before a unit ends on that day, by itself or by a merger; every
    sentence it returns refuses the act. A room upstairs registers it when the house starts.
    """
    if function not in _guards:
        _guards.append(function)
    return function


@transaction.atomic
def add_unit(
    *,
    by: Post | None,
    code: str,
    name: str,
    kind: str,
    name_en: str = "",
    valid_from: date | None = None,
    note: str = "",
    parent: Unit | None = None,
    line: str = "admin",
) -> Unit:
    """登记单位；可同时设定上级。权限只到部分单位的，须选范围内的上级。"""
    if parent is None:
        require_everywhere(by, MANAGE)
    else:
        require(by, MANAGE, at=parent)
    if Unit.objects.filter(code=code).exists():
        raise Refused(_("代码“%(code)s”已被使用。请换一个代码。") % {"code": code})
    unit = Unit.objects.create(
        code=code, name=name, name_en=name_en, kind=kind, valid_from=valid_from, note=note
    )
    audit.record(by, "people.unit.add", unit, note=note)
    if parent is not None:
        _tie(unit, parent, by=by, line=line, since=valid_from)
    return unit


@transaction.atomic
def amend_unit(
    unit: Unit, *, by: Post | None, kind: str, name_en: str = "", note: str = ""
) -> Unit:
    """更正单位登记：类型、英文名称、备注；名称用更名，隶属用设定隶属。"""
    require(by, MANAGE, at=unit)
    before = _locked(unit)
    unit = _locked(unit)
    unit.kind, unit.name_en, unit.note = kind, name_en, note
    changes = audit.changed(before, unit, "kind", "name_en", "note")
    if changes:
        unit.save(update_fields=list(changes))
        audit.record(by, "people.unit.amend", unit, changes=changes)
    return unit


@transaction.atomic
def rename_unit(unit: Unit, *, by: Post | None, name: str, on: date, name_en: str = "") -> Unit:
    """单位更名：自某日起用新名；旧名连同日期保留，历史记录和导入文件仍能认出。"""
    require(by, MANAGE, at=unit)
    unit = _locked(unit)
    faults = []
    if unit.name == name:
        faults.append(_("新名称与现名称相同。请填写新的名称。"))
    taken = queries.unit_called(name)
    if taken is not None and taken != unit:
        faults.append(_taken(name, taken))
    if on > clock.today():
        faults.append(_("更名日期不得晚于今天。请在更名之日再办理。"))
    last = unit.names.filter(kind="former").order_by("-valid_to").first()
    since = last.valid_to + rules.ONE_DAY if last and last.valid_to else unit.valid_from
    if since and on <= since:
        faults.append(_("更名日期须晚于现名称启用之日。请改用较晚的日期。"))
    if faults:
        raise Refused.all(faults)
    before = Unit.objects.get(pk=unit.pk)
    UnitName.objects.create(
        unit=unit, name=unit.name, kind="former", valid_from=since, valid_to=on - rules.ONE_DAY
    )
    unit.name, unit.name_en = name, name_en
    unit.save(update_fields=["name", "name_en"])
    changes = audit.changed(before, unit, "name", "name_en")
    audit.record(by, "people.unit.rename", unit, changes=changes)
    return unit


@transaction.atomic
def add_alias(unit: Unit, *, by: Post | None, name: str, kind: str = "alias") -> UnitName:
    """登记单位的简称或别名。"""
    if by is None or not queries.may(by, ALIAS, at=unit):
        require(by, MANAGE, at=unit)
    taken = queries.unit_called(name)
    if taken is not None and taken != unit:
        raise Refused(_taken(name, taken))
    if kind not in rules.GIVEN_NAME_KINDS:
        raise Refused(_("曾用名由更名或并入产生。请选择简称或别名。"))
    alias, _created = UnitName.objects.get_or_create(unit=unit, name=name, kind=kind)
    audit.record(by, "people.unit.alias", unit, changes={"alias": (None, name)})
    return alias


@transaction.atomic
def tie_unit(
    child: Unit, parent: Unit, *, by: Post | None, line: str, since: date | None = None
) -> Tie:
    """设定隶属：同一条线上原来的上级关系自新关系前一日终止；不得成环。"""
    require(by, MANAGE, at=child)
    require(by, MANAGE, at=parent)
    return _tie(child, parent, by=by, line=line, since=since)


@transaction.atomic
def end_tie(unit: Unit, *, by: Post | None, tie: Tie, on: date, note: str = "") -> Tie:
    """终止单位的一条上级关系，到某日为止。"""
    require(by, MANAGE, at=unit)
    tie = Tie.objects.select_for_update().select_related("parent").get(pk=tie.pk, child=unit)
    if tie.valid_from and on < tie.valid_from:
        raise Refused(_("终止日期不得早于关系起始日。请改用较晚的日期。"))
    if tie.valid_to and tie.valid_to <= on:
        raise Refused(_("这条关系已于此前终止。不必再办。"))
    _end([tie], on)
    changes = {tie.line: (str(tie.parent), None), "valid_to": (None, on)}
    audit.record(by, "people.unit.untie", unit, changes=changes, note=note)
    return tie


@transaction.atomic
def end_unit(unit: Unit, *, by: Post | None, on: date, note: str) -> Unit:
    """撤销单位：须先移走下级单位、免去任职，留下原因。"""
    require(by, MANAGE, at=unit)
    unit = _locked(unit)
    faults = _cannot_end(unit, on)
    if unit.ties_down.filter(_after(on)).exists():
        faults.append(_("该单位还有下级单位。请先调整下级单位的隶属关系。"))
    if unit.posts.filter(_after(on)).exists():
        faults.append(_("该单位还有人任职。请先办理免职。"))
    if faults:
        raise Refused.all(faults)
    _end(unit.ties_up.filter(_after(on)), on)
    _end([unit], on)
    audit.record(by, "people.unit.end", unit, changes={"valid_to": (None, on)}, note=note)
    return unit


@transaction.atomic
def merge_unit(
    unit: Unit, *, by: Post | None, into: Unit, on: date, posts: str = "move", note: str = ""
) -> Unit:
    """撤并：单位存续到某日，次日起并入另一单位。

    The successor takes over the subordinates and the names, so that papers with the old name still
    find a unit; posts are moved (`posts="move"`) or end. What was recorded of the old unit stays
    with it.
    """
    require(by, MANAGE, at=unit)
    require(by, MANAGE, at=into)
    unit, into = _both_locked(unit, into)
    next_day = on + rules.ONE_DAY
    if faults := _cannot_merge(unit, into, on):
        raise Refused.all(faults)
    for tie in list(unit.ties_down.filter(_after(on)).select_related("child")):
        child, line = tie.child, tie.line
        _end([tie], on)
        _tie(child, into, by=by, line=line, since=next_day)
    _end(unit.ties_up.filter(_after(on)), on)
    for post in list(unit.posts.filter(_after(on)).select_related("person", "role", "unit")):
        _merge_post(post, by=by, into=into, on=on, moved=posts == "move")
    for name in {unit.name, *unit.names.values_list("name", flat=True)}:
        UnitName.objects.create(unit=into, name=name, kind="merged", valid_from=next_day)
    unit.valid_to, unit.successor = on, into
    unit.save(update_fields=["valid_to", "successor"])
    changes = {"successor": (None, str(into)), "valid_to": (None, on)}
    audit.record(by, "people.unit.merge", unit, changes=changes, note=note)
    audit.record(by, "people.unit.receive", into, changes={"received": (None, str(unit))})
    return unit


def _cannot_merge(unit: Unit, into: Unit, on: date) -> list[str]:
    if unit == into:
        return [_("不能把单位并入它自己。请选择另一单位。")]
    faults = _cannot_end(unit, on)
    if not queries.holds(into, on + rules.ONE_DAY):
        faults.append(_("“%(unit)s”届时已不存在。请选择存续的单位。") % {"unit": into.label()})
    below = queries.subordinates(unit, lines=rules.LINES, day=on)
    if into.pk in below:
        faults.append(
            _("“%(into)s”在“%(unit)s”之下，不能把上级并入下级。请先调整隶属关系。")
            % {"into": into.label(), "unit": unit.label()}
        )
    late = Q(valid_from__gt=on)
    if any(rows.filter(late).exists() for rows in (unit.ties_up, unit.ties_down, unit.posts)):
        faults.append(_("该单位有撤并日以后才开始的任职或隶属关系。请先更正，或改用较晚的日期。"))
    return faults


def _merge_post(post: Post, *, by: Post | None, into: Unit, on: date, moved: bool) -> None:
    """One post of the merged unit: ended, and held on in the successor where it is moved."""
    before, last = post.valid_to, on
    next_day = on + rules.ONE_DAY
    post.valid_to = last
    post.save(update_fields=["valid_to"])
    audit.record(by, "people.post.end", post, changes={"valid_to": (before, last)})
    held = into.posts.filter(person=post.person, role=post.role).filter(_after(on))
    if not moved or held.exists():
        return
    # The successor has its own primary owner, or none until one is named: two would be nobody.
    new = Post.objects.create(
        person=post.person,
        unit=into,
        role=post.role,
        title=post.title,
        title_en=post.title_en,
        valid_from=next_day,
        valid_to=before,
        acting=post.acting,
    )
    audit.record(by, "people.post.appoint", new)


def _tie(child: Unit, parent: Unit, *, by: Post | None, line: str, since: date | None) -> Tie:
    child, parent = _both_locked(child, parent)
    old = list(child.ties_up.filter(line=line).select_related("parent"))
    alone = line in rules.CASCADE_LINES  # one superior at a time; contracts may be many
    rivals = [tie for tie in old if alone or tie.parent_id == parent.pk]
    start = since
    if start is None and rivals:
        start = clock.today()
    if faults := _cannot_tie(child, parent, line, start, rivals):
        raise Refused.all(faults)
    ended = [t for t in rivals if start and queries.holds(t, start)]
    if start is not None:
        _end(ended, start - rules.ONE_DAY)
    tie = Tie.objects.create(child=child, parent=parent, line=line, valid_from=start)
    queries.forget_ties()
    was = str(ended[0].parent) if ended else None
    audit.record(by, "people.unit.tie", child, changes={line: (was, str(parent))})
    return tie


def _cannot_tie(
    child: Unit, parent: Unit, line: str, since: date | None, rivals: list[Tie]
) -> list[str]:
    if child == parent:
        return [_("单位不能作自己的上级。请选择另一单位。")]
    faults = []
    first = since or clock.today()
    if not queries.holds(parent, first) or not queries.holds(child, first):
        faults.append(_("两个单位当日须都存在。请检查单位和日期。"))
    # The circle must not close on a later day either, when another tie of this line begins.
    later = Tie.objects.filter(line=line, valid_from__gt=first).values_list("valid_from", flat=True)
    days = [first, *(day for day in later if day)]
    queries.forget_ties()
    if any(parent.pk in queries.subordinates(child, lines=[line], day=day) for day in days):
        faults.append(
            _("“%(parent)s”在“%(child)s”之下，不能作它的上级。请先调整隶属关系。")
            % {"parent": parent.label(), "child": child.label()}
        )
    if since and any(tie.valid_from and tie.valid_from >= since for tie in rivals):
        faults.append(_("新的隶属关系须晚于现有关系的起始日。请改用较晚的日期。"))
    return faults


def _cannot_end(unit: Unit, on: date) -> list[str]:
    faults = []
    if unit.valid_to:
        faults.append(_("该单位已撤销或并入其他单位。不必再办。"))
    if unit.valid_from and on < unit.valid_from:
        faults.append(_("撤销日期不得早于单位的起始日期。请改用较晚的日期。"))
    return faults + [sentence for guarded in _guards for sentence in guarded(unit, on)]


def _after(day: date) -> Q:
    """Rows that are still valid on the day after."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=day)


def _end(rows: object, on: date) -> None:
    """Let dated rows end on a day; whoever asks about the tree next asks the database."""
    for row in list(rows):  # type: ignore[call-overload]  # any list or query set of dated rows
        row.valid_to = on
        row.save(update_fields=["valid_to"])
    queries.forget_ties()


def _locked(unit: Unit) -> Unit:
    return Unit.objects.select_for_update().get(pk=unit.pk)


def _both_locked(first: Unit, second: Unit) -> tuple[Unit, Unit]:
    """Both rows, locked in the order of their keys so that two clerks never wait for each other."""
    found = {
        unit.pk: unit
        for unit in Unit.objects.select_for_update()
        .filter(pk__in=[first.pk, second.pk])
        .order_by("pk")
    }
    return found[first.pk], found[second.pk]


def _taken(name: str, unit: Unit) -> str:
    return _("“%(name)s”已经指“%(unit)s”。同一名称不能指两个单位。请换一个名称。") % {
        "name": name,
        "unit": unit.label(),
    }
