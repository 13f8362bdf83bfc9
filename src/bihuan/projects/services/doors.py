"""What every verb asks first: is the project there for this post, and may it act on it?"""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils.translation import gettext as _

from bihuan.base.errors import NotFound, Refused
from bihuan.base.text import shorten
from bihuan.files import services as files
from bihuan.files.models import Version
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.projects import queries
from bihuan.projects.models import Project

May = Callable[[Post, Any], bool]


def opened(
    project: Project, by: Post | None, may: May, thing: Any = None, *, withdrawn: bool = False
) -> Project:
    """The project, locked: nobody else acts on it until this verb is done. The system may all.

    A project that was given up is shut, but for the correction of that step (`withdrawn`).
    """
    if by is not None:
        if not queries.visible_to(by).filter(pk=project.pk).exists():
            raise NotFound(_("没有这个项目，或您现在的任职看不到它。"))
        if not may(by, project if thing is None else thing):
            raise people.not_allowed(by)
    rows = Project.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.get(pk=project.pk)
    if found.side == "withdrawn" and not withdrawn:
        raise Refused(_("这个项目已退出，不能再办。登记错了的，请先更正退出这一步。"))
    return found


def proven(
    upload: "UploadedFile[bytes] | None", *, by: Post | None, thing: Model, title: str
) -> Version:
    """The proof of a step, kept; refused where there is none."""
    if upload is None:
        raise Refused(no_proof())
    return files.keep(upload, by=by, title=shorten(title, 200), thing=thing)


def no_proof() -> str:
    """The sentence for a step without proof."""
    return _("没有佐证，不能登记。请附上文件。")
