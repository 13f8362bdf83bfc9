"""Verbs on units, persons, posts, roles and accounts. Each asks permission and leaves an entry.

Split by subject; other rooms write `from bihuan.people import services` and never look inside.
"""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.people.services.accounts import (
    change_password,
    close_account,
    give_account,
    give_password,
    open_account,
    reopen_account,
    reset_password,
    sign_in,
)
from bihuan.people.services.permissions import declare_verbs, verbs
from bihuan.people.services.posts import (
    add_person,
    amend_person,
    amend_post,
    appoint,
    end_post,
)
from bihuan.people.services.roles import add_role, set_role
from bihuan.people.services.units import (
    add_alias,
    add_unit,
    amend_unit,
    end_tie,
    end_unit,
    guard,
    merge_unit,
    rename_unit,
    tie_unit,
)

__all__ = [
    "add_alias",
    "add_person",
    "add_role",
    "add_unit",
    "amend_person",
    "amend_post",
    "amend_unit",
    "appoint",
    "change_password",
    "close_account",
    "declare_verbs",
    "end_post",
    "end_tie",
    "end_unit",
    "give_account",
    "give_password",
    "guard",
    "merge_unit",
    "open_account",
    "rename_unit",
    "reopen_account",
    "reset_password",
    "set_role",
    "sign_in",
    "tie_unit",
    "verbs",
]

audit.declare(
    {
        "people.unit.add": zh("登记单位"),
        "people.unit.amend": zh("更正单位登记"),
        "people.unit.rename": zh("单位更名"),
        "people.unit.alias": zh("登记单位别名"),
        "people.unit.tie": zh("设定隶属关系"),
        "people.unit.untie": zh("终止隶属关系"),
        "people.unit.end": zh("撤销单位"),
        "people.unit.merge": zh("并入另一单位"),
        "people.unit.receive": zh("接收并入的单位"),
        "people.person.add": zh("登记人员"),
        "people.person.amend": zh("更正人员登记"),
        "people.post.appoint": zh("任职"),
        "people.post.amend": zh("更正任职登记"),
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
    },
    {
        "people.unit.alias": zh("别名"),
        "people.unit.party": zh("党的隶属"),
        "people.unit.admin": zh("行政隶属"),
        "people.unit.contract": zh("合同关系"),
        "people.unit.guidance": zh("临时指导"),
        "people.unit.received": zh("并入的单位"),
        "people.role.verbs": audit.Named(zh("可做的事"), verbs),
    },
)

declare_verbs(
    {
        "people.view": zh("查看机构与人员"),
        "people.manage": zh("维护机构、人员与任职"),
        "people.alias": zh("登记单位的别名"),
        "people.accounts": zh("开通、停用账号，重置密码"),
        "people.roles": zh("设定角色权限"),
        "audit.view": zh("查看审计记录"),
    }
)
