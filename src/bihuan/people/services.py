"""Verbs on units, persons, posts, roles and accounts. Each asks permission and leaves an entry."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.people import queries, rules
from bihuan.people.models import Account, Person, Post, Role, Tie, Unit, UnitName

audit.declare(
    {
        "people.unit.add": zh("登记单位"),
        "people.unit.rename": zh("单位更名"),
        "people.unit.alias": zh("登记单位别名"),
        "people.unit.tie": zh("设定隶属关系"),
        "people.unit.end": zh("撤销单位"),
        "people.person.add": zh("登记人员"),
        "people.post.appoint": zh("任职"),
        "people.post.end": zh("免职"),
        "people.role.add": zh("新设角色"),
        "people.role.set": zh("设定角色权限"),
        "people.account.open": zh("开通账号"),
        "people.account.close": zh("停用账号"),
        "people.account.reopen": zh("恢复账号"),
        "people.account.password": zh("修改密码"),
        "people.account.reset": zh("重置密码"),
        "people.account.signin": zh("登录"),
        "people.account.lock": zh("连续登录失败，账号锁定"),
    }
)

_verbs: dict[str, str] = {}

LIMITS = rules.SignInLimits()


def declare_verbs(verbs: Mapping[str, str]) -> None:
    """Enter what a role of this room may be allowed to do: verb → Chinese sentence."""
    _verbs.update(verbs)


def verbs() -> Mapping[str, str]:
    """Every verb that a role may hold, with its sentence."""
    return dict(_verbs)


declare_verbs(
    {
        "people.view": zh("查看机构与人员"),
        "people.manage": zh("维护机构、人员与任职"),
        "people.accounts": zh("开通、停用账号，重置密码"),
        "people.roles": zh("设定角色权限"),
        "audit.view": zh("查看审计记录"),
    }
)


# Units ------------------------------------------------------------------------------------------


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
) -> Unit:
    """登记单位。"""
    _require(by, "people.manage")
    if Unit.objects.filter(code=code).exists():
        raise Refused(_("代码“%(code)s”已被使用。请换一个代码。") % {"code": code})
    unit = Unit.objects.create(
        code=code, name=name, name_en=name_en, kind=kind, valid_from=valid_from, note=note
    )
    audit.record(by, "people.unit.add", unit, note=note)
    return unit


@transaction.atomic
def rename_unit(unit: Unit, *, by: Post | None, name: str, on: date, name_en: str = "") -> Unit:
    """单位更名：旧名连同日期保留，历史记录和导入文件仍能认出。"""
    _require(by, "people.manage")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.name == name:
        raise Refused(_("新名称与现名称相同。请填写新的名称。"))
    old = unit.name
    UnitName.objects.create(unit=unit, name=old, kind="former", valid_to=on)
    unit.name, unit.name_en = name, name_en
    unit.save(update_fields=["name", "name_en"])
    audit.record(by, "people.unit.rename", unit, changes={"name": (old, name)})
    return unit


@transaction.atomic
def add_alias(unit: Unit, *, by: Post | None, name: str, kind: str = "alias") -> UnitName:
    """登记单位的简称或别名。"""
    _require(by, "people.manage")
    taken = queries.unit_called(name)
    if taken is not None and taken != unit:
        raise Refused(
            _("“%(name)s”已经指“%(unit)s”。同一名称不能指两个单位。")
            % {"name": name, "unit": taken.label()}
        )
    alias, _created = UnitName.objects.get_or_create(unit=unit, name=name, kind=kind)
    audit.record(by, "people.unit.alias", unit, changes={"alias": (None, name)})
    return alias


@transaction.atomic
def tie_unit(
    child: Unit, parent: Unit, *, by: Post | None, line: str, since: date | None = None
) -> Tie:
    """设定隶属：同一条线上原来的上级关系自新关系前一日终止；不得成环。"""
    _require(by, "people.manage")
    if child.pk in queries.ancestors(parent, line) or child == parent:
        raise Refused(
            _("“%(parent)s”在“%(child)s”之下，不能作它的上级。")
            % {"parent": parent.label(), "child": child.label()}
        )
    if line in rules.CASCADE_LINES:
        for old in child.ties_up.filter(line=line, valid_to__isnull=True):
            old.valid_to = (since or clock.today()) - rules.ONE_DAY
            if old.valid_from and old.valid_to < old.valid_from:
                raise Refused(_("新的隶属关系不得早于现有关系的起始日。请改用较晚的日期。"))
            old.save(update_fields=["valid_to"])
    tie = Tie.objects.create(child=child, parent=parent, line=line, valid_from=since)
    audit.record(by, "people.unit.tie", child, changes={line: (None, str(parent))})
    return tie


@transaction.atomic
def end_unit(unit: Unit, *, by: Post | None, on: date, note: str) -> Unit:
    """撤销单位：须先移走下级单位、免去任职，留下原因。"""
    _require(by, "people.manage")
    faults = []
    if queries.subordinates(unit) - {unit.pk}:
        faults.append(_("该单位还有下级单位。请先调整下级单位的隶属关系。"))
    if unit.posts.filter(queries.valid_on(on)).exists():
        faults.append(_("该单位还有人任职。请先办理免职。"))
    if faults:
        raise Refused.all(faults)
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    unit.ties_up.filter(valid_to__isnull=True).update(valid_to=on)
    audit.record(by, "people.unit.end", unit, changes={"valid_to": (None, on)}, note=note)
    return unit


# Persons and posts ------------------------------------------------------------------------------


@transaction.atomic
def add_person(
    *, by: Post | None, name: str, name_en: str = "", phone: str = "", note: str = ""
) -> Person:
    """登记人员。"""
    _require(by, "people.manage")
    person = Person.objects.create(name=name, name_en=name_en, phone=phone, note=note)
    audit.record(by, "people.person.add", person)
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
    _require(by, "people.manage")
    for held in person.posts.filter(unit=unit, role=role):
        if rules.overlapping((held.valid_from, held.valid_to), (valid_from, valid_to)):
            raise Refused(_("此人在这段时间已任这一职务。请先终止原任职，或改用其他日期。"))
    if primary_owner and unit.posts.filter(queries.valid_on(clock.today()), primary_owner=True):
        raise Refused(_("该单位已有第一责任人。请先终止原第一责任人的任职。"))
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
    audit.record(by, "people.post.appoint", post)
    return post


@transaction.atomic
def end_post(post: Post, *, by: Post | None, on: date, note: str = "") -> Post:
    """免职：任职到某日为止，记录保留。"""
    _require(by, "people.manage")
    if by is not None and by.pk == post.pk:
        raise Refused(_("不能终止自己正在使用的任职。请由另一位管理员办理。"))
    if post.valid_from and on < post.valid_from:
        raise Refused(_("终止日期不得早于任职起始日。"))
    before = post.valid_to
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    audit.record(by, "people.post.end", post, changes={"valid_to": (before, on)}, note=note)
    return post


@transaction.atomic
def add_role(
    *, by: Post | None, code: str, name: str, verbs: Iterable[str], reach: str, name_en: str = ""
) -> Role:
    """新设角色。"""
    _require(by, "people.roles")
    if Role.objects.filter(code=code).exists():
        raise Refused(_("代码“%(code)s”已被使用。请换一个代码。") % {"code": code})
    chosen = _known(verbs)
    role = Role.objects.create(code=code, name=name, name_en=name_en, verbs=chosen, reach=reach)
    audit.record(by, "people.role.add", role, changes={"verbs": (None, chosen)})
    return role


@transaction.atomic
def set_role(role: Role, *, by: Post | None, verbs: Iterable[str], reach: str) -> Role:
    """设定角色可做的事及其范围。"""
    _require(by, "people.roles")
    chosen = _known(verbs)
    if by is not None and by.role_id == role.pk and "people.roles" not in chosen:
        raise Refused(_("不能取消自己设定角色的权限，否则无人可以恢复。"))
    before = (role.verbs, role.reach)
    role.verbs, role.reach = chosen, reach
    role.save(update_fields=["verbs", "reach"])
    audit.record(
        by,
        "people.role.set",
        role,
        changes={"verbs": (before[0], chosen), "reach": (before[1], reach)},
    )
    return role


def _known(verbs: Iterable[str]) -> list[str]:
    chosen = sorted(set(verbs))
    if unknown := [verb for verb in chosen if verb not in _verbs]:
        raise Refused(_("没有这样的权限：%(verbs)s。") % {"verbs": "、".join(unknown)})
    return chosen


# Accounts ---------------------------------------------------------------------------------------


@transaction.atomic
def open_account(
    person: Person, *, by: Post | None, username: str, password: str, must_change: bool = True
) -> Account:
    """开通账号：首次登录须自行改密码。"""
    _require(by, "people.accounts")
    if Account.objects.filter(username=username).exists():
        raise Refused(_("账号“%(name)s”已被使用。请换一个账号。") % {"name": username})
    if Account.objects.filter(person=person).exists():
        raise Refused(_("此人已有账号。如忘记密码，请重置密码。"))
    account = Account(username=username, person=person, must_change_password=must_change)
    _set_password(account, password)
    account.save()
    audit.record(by, "people.account.open", account)
    return account


@transaction.atomic
def close_account(account: Account, *, by: Post | None, note: str = "") -> Account:
    """停用账号：现有登录立即失效。"""
    _require(by, "people.accounts")
    if by is not None and by.person_id == account.person_id:
        raise Refused(_("不能停用自己的账号。请由另一位管理员办理。"))
    account.is_active = False
    account.save(update_fields=["is_active"])
    audit.record(by, "people.account.close", account, note=note)
    return account


@transaction.atomic
def reopen_account(account: Account, *, by: Post | None, note: str = "") -> Account:
    """恢复停用或锁定的账号。"""
    _require(by, "people.accounts")
    account.is_active, account.failures, account.locked_until = True, 0, None
    account.save(update_fields=["is_active", "failures", "locked_until"])
    audit.record(by, "people.account.reopen", account, note=note)
    return account


@transaction.atomic
def reset_password(account: Account, *, by: Post | None, password: str) -> Account:
    """重置密码：本人下次登录须再改；现有登录立即失效。"""
    _require(by, "people.accounts")
    _set_password(account, password)
    account.must_change_password, account.failures, account.locked_until = True, 0, None
    account.save()
    audit.record(by, "people.account.reset", account)
    return account


@transaction.atomic
def change_password(account: Account, *, by: Post | None, old: str, new: str) -> Account:
    """本人修改密码。"""
    if not check_password(old, account.password):
        raise Refused(_("原密码不正确。请重新输入。"))
    if old == new:
        raise Refused(_("新密码不得与原密码相同。"))
    _set_password(account, new)
    account.must_change_password = False
    account.save()
    audit.record(by, "people.account.password", account)
    return account


def sign_in(username: str, password: str) -> Account:
    """核对账号密码；连续失败锁定一段时间。账号不存在与密码错误说同一句话，用时也相同。

    Failures are counted in a transaction of their own, so that the refusal does not roll the
    count back.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(username=username.strip()).first()
        verdict = _judge_sign_in(account, password)
    if account is None or verdict:
        raise Refused(verdict or "")
    return account


def _judge_sign_in(account: Account | None, password: str) -> str:
    """The sentence that refuses this sign-in, or nothing; counts failures and locks."""
    wrong = _("账号或密码不正确。连续 %(n)d 次不正确，账号将锁定 %(minutes)d 分钟。") % {
        "n": LIMITS.failures,
        "minutes": LIMITS.locked_for.seconds // 60,
    }
    if account is None:
        make_password(password)  # the same work as for a real account: no telling by the clock
        return wrong
    if account.locked_until and account.locked_until > clock.now():
        make_password(password)
        return _("账号已锁定。请稍后再试，或请管理员恢复。")
    if not check_password(password, account.password):
        account.failures += 1
        if account.failures >= LIMITS.failures:
            account.failures, account.locked_until = 0, clock.now() + LIMITS.locked_for
            audit.record(None, "people.account.lock", account)
        account.save(update_fields=["failures", "locked_until"])
        return wrong
    if not account.is_active:
        return _("账号已停用。请联系管理员。")
    if not queries.posts_of(account.person).exists():
        return _("您目前没有有效的任职，不能登录。请联系管理员。")
    account.failures, account.locked_until, account.last_login = 0, None, clock.now()
    account.save(update_fields=["failures", "locked_until", "last_login"])
    audit.record(queries.posts_of(account.person).first(), "people.account.signin", account)
    return ""


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, user=account)  # type: ignore[arg-type]  # any user model will do
    except ValidationError as fault:
        raise Refused.all(fault.messages) from fault
    account.set_password(password)


def _require(by: Post | None, verb: str) -> None:
    """The system itself (set-up, command line on the server) needs no permission."""
    if by is not None:
        queries.require(by, verb)
