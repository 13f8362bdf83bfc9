"""Verbs on roles: what they may do, and how far they reach."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.people import rules
from bihuan.people.models import Post, Role
from bihuan.people.services.permissions import require_everywhere, verbs


@transaction.atomic
def add_role(
    *, by: Post | None, code: str, name: str, verbs: Iterable[str], reach: str, name_en: str = ""
) -> Role:
    """新设角色。"""
    require_everywhere(by, "people.roles")
    if Role.objects.filter(code=code).exists():
        raise Refused(_("代码“%(code)s”已被使用。请换一个代码。") % {"code": code})
    chosen = _known(verbs, reach)
    role = Role.objects.create(code=code, name=name, name_en=name_en, verbs=chosen, reach=reach)
    changes = {"verbs": (None, chosen), "reach": (None, reach)}
    audit.record(by, "people.role.add", role, changes=changes)
    return role


@transaction.atomic
def set_role(role: Role, *, by: Post | None, verbs: Iterable[str], reach: str) -> Role:
    """设定角色可做的事及其范围。"""
    require_everywhere(by, "people.roles")
    chosen = _known(verbs, reach)
    before = Role.objects.select_for_update().get(pk=role.pk)
    if by is not None and by.role_id == role.pk:
        if "people.roles" not in chosen or reach != before.reach:
            raise Refused(_("不能取消自己设定角色的权限，否则无人可以恢复。"))
        if set(chosen) - set(before.verbs):
            raise Refused(_("不能给自己所任的角色增加权限。请由任另一角色的管理员办理。"))
    role.verbs, role.reach = chosen, reach
    if changes := audit.changed(before, role, "verbs", "reach"):
        role.save(update_fields=list(changes))
        audit.record(by, "people.role.set", role, changes=changes)
    return role


def _known(chosen: Iterable[str], reach: str) -> list[str]:
    wanted = sorted(set(chosen))
    register = verbs()
    faults = []
    if unknown := [verb for verb in wanted if verb not in register]:
        faults.append(_("没有这样的权限：%(verbs)s。") % {"verbs": _("、").join(unknown)})
    if reach not in rules.REACHES:
        faults.append(_("没有这样的范围：%(reach)s。") % {"reach": reach})
    if faults:
        raise Refused.all(faults)
    return wanted
