"""Road states and snow orders for everybody: what `snow` has published, on the public face.

The only place that knows both the snow room and `press`. Nothing but publications leaves: the road,
its state, the hour; of orders only how many were given and done.
"""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.base.text import zh
from bihuan.exchange.sheet import csv_bytes
from bihuan.press.pages import public as front
from bihuan.press.views.public import kept, shown
from bihuan.snow.models import Publication
from bihuan.snow.pages import public as pages
from bihuan.snow.queries import publication as queries
from bihuan.snow.rules import public as rules


def declare() -> None:
    """Make this page, and the notices of schemes, known to the public face."""
    front.ELSEWHERE["public-roads"] = zh("道路通行情况")
    front.ELSEWHERE["designs:public"] = zh("规划设计方案公示")


@require_safe
def roads(request: HttpRequest) -> HttpResponseBase:
    return shown(request, "roads", "site/public_roads.html", lambda: _page())


def _page() -> Any:
    return pages.published(queries.newest())


@require_safe
def roads_data(request: HttpRequest, kind: str) -> HttpResponse:
    made = {"csv": (_csv, "text/csv; charset=utf-8"), "json": (_json, "application/json")}
    if kind not in made:
        raise Http404
    make, media = made[kind]
    return kept(request, f"roads:{kind}", media, lambda: make(queries.newest()))


def _csv(one: Publication | None) -> bytes:
    heads = [_("道路"), _("状态"), _("截至"), _("来源")]
    rows = [] if one is None else [
        [each["name"], _(rules.PLAIN[each["state"]]), each["at"] or one.as_of.isoformat(),
         _(rules.SOURCES[one.source])]
        for each in one.told["roads"]
    ]  # fmt: skip
    return csv_bytes(heads, rows)


def _json(one: Publication | None) -> bytes:
    told: dict[str, Any] = {"as_of": None, "roads": [], "closed": [], "promises": []}
    if one is not None:
        told = {
            "as_of": one.as_of.isoformat(), "source": one.source, "note": one.note,
            "note_en": one.note_en, "scope": _("重点道路"), **one.told,
        }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode()
