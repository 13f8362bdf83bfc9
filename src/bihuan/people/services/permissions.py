"""The register of verbs that a role may hold, and the question every verb of this room asks first.

`by=None` is the system itself (set-up, command line on the server) and needs no permission.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from bihuan.base.errors import NotAllowed
from bihuan.people import queries
from bihuan.people.models import Person, Post, Unit

_verbs: dict[str, str] = {}


def declare_verbs(verbs: Mapping[str, str]) -> None:
    """Enter what a role of this room may be allowed to do: verb → Chinese sentence."""
    _verbs.update(verbs)


def verbs() -> Mapping[str, str]:
    """Every verb that a role may hold, with its sentence."""
    return dict(_verbs)


def require(by: Post | None, verb: str, *, at: Unit | None = None) -> None:
    """Refuse unless this post may do that, there."""
    if by is not None:
        queries.require(by, verb, at=at)


def require_for(by: Post | None, verb: str, person: Person) -> None:
    """Refuse unless this post may do that to this person."""
    if by is not None and not queries.may_for(by, verb, person):
        raise queries.not_allowed(by)


def require_everywhere(by: Post | None, verb: str) -> None:
    """Refuse unless this post may do that in the whole zone."""
    require(by, verb)
    if by is not None and queries.scope(by, verb).units is not None:
        raise NotAllowed(_("您的权限只到部分单位。请选择您范围内的上级单位，或请全区管理员办理。"))
