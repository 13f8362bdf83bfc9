"""The viewer of drawings as a declared part: files, pins, words. Its script draws, nothing else.

Without the script the part is a list of files to download; the opinions stand in a table anyway.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.designs import queries, rules
from bihuan.designs.models import Opinion, SchemeVersion
from bihuan.designs.pages import words
from bihuan.exchange.drawings import Look
from bihuan.files.pages import size
from bihuan.ui.panel import Link


@dataclass(frozen=True)
class Viewer:
    """看图：一版或并排两版，逐页看，带钉在图上的意见。"""

    title: str
    declaration: dict[str, Any]
    files: tuple[Link, ...]
    note: str = ""

    template: ClassVar[str] = "designs/viewer.html"


def of(
    version: SchemeVersion, opinions: Iterable[Opinion], *, draws: bool = False, start: int = 1
) -> Viewer:
    """One version with its pins, opened at a page; `draws`: into the form beside it."""
    return Viewer(
        version.label(),
        {
            "sides": [_side(version, opinions)],
            "draws": draws,
            "start": start,
            "words": _words(),
        },
        files(version),
        _scripts(version),
    )


def two(
    older: SchemeVersion, newer: SchemeVersion, looks: Sequence[Look], opinions: Iterable[Opinion]
) -> Viewer:
    """Two versions side by side; pages go together, changed regions are framed on both."""
    changed = {
        "old": {look.old: look.regions for look in looks if look.old},
        "new": {look.new: look.regions for look in looks if look.new},
    }
    return Viewer(
        _("并排看"),
        {
            "sides": [
                {**_side(older, opinions), "regions": changed["old"]},
                {**_side(newer, ()), "regions": changed["new"]},
            ],
            "pairs": [[look.old, look.new] for look in looks],
            "draws": False,
            "words": _words(),
        },
        (*files(older), *files(newer)),
        _scripts(older) or _scripts(newer),
    )


def files(version: SchemeVersion) -> tuple[Link, ...]:
    """Where each file is handed out."""
    return tuple(
        Link(
            _("下载第 %(n)d 版：%(name)s（%(size)s，%(pages)d 页）")
            % {
                "n": version.number,
                "name": file.kept.name,
                "size": size(file.kept.size),
                "pages": file.pages,
            },
            reverse("designs:file", args=[version.scheme_id, version.number, file.order]),
        )
        for file in queries.files(version)
    )


def _scripts(version: SchemeVersion) -> str:
    if any(file.scripts for file in queries.files(version)):
        return _("文件里带有脚本：在这里看时不会运行；下载后用别的程序打开，请先停用脚本。")
    return ""


def _side(version: SchemeVersion, opinions: Iterable[Opinion]) -> dict[str, Any]:
    return {
        "label": version.label(),
        "pages": version.pages,
        "files": [
            {
                "href": reverse(
                    "designs:file", args=[version.scheme_id, version.number, file.order]
                ),
                "kind": file.kind,
                "first": file.first,
                "pages": file.pages,
                "sizes": file.sizes,
            }
            for file in queries.files(version)
        ],
        "pins": [_pin(opinion) for opinion in opinions if opinion.page is not None],
    }


def _pin(opinion: Opinion) -> dict[str, Any]:
    region = opinion.region()
    return {
        "number": opinion.number,
        "page": opinion.page,
        "box": region.floats if region else None,
        "tone": words.STATE_TONES[opinion.state],
        "label": _("第 %(n)d 条 %(aspect)s（%(state)s）")
        % {
            "n": opinion.number,
            "aspect": opinion.aspect.label(),
            "state": _(rules.STATES[opinion.state]),
        },
        "href": opinion.get_absolute_url(),
    }


def _words() -> dict[str, str]:
    """What the script says, in the reader's language."""
    return {
        "page": _("页码"),
        "of": _("共 {n} 页"),
        "before": _("上一页"),
        "after": _("下一页"),
        "closer": _("放大"),
        "further": _("缩小"),
        "whole": _("整页"),
        "draw": _("框选"),
        "drawn": _("已框选：{region}。方向键移动，按住 Shift 改大小，Esc 取消。"),
        "drawing": _("在图上拖动框选；用键盘的，按回车放一个框。"),
        "loading": _("正在打开…"),
        "failed": _("这里打不开这个文件。请下载后查看；意见清单在下面。"),
        "none": _("这一版没有对应的页。"),
        "keys": _("左右方向键翻页，加减号缩放，0 看整页。"),
        "view": _("图纸"),
        "changed": _("改动 {n} 处"),
    }
