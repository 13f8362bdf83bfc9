"""接口: the one declaration of how a device reports positions, read as OpenAPI and as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.fleet import queries, rules
from bihuan.fleet.services import Receipt
from bihuan.ui.panel import DetailPage, Link, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row

PATH = "/fleet/positions/"
PROBLEM = "application/problem+json"
MOST_BYTES = 2 * 1024 * 1024  # of a batch as text
MOST_PACKED = 512 * 1024  # of a batch as gzip
MOST_TOLD = 100  # faulty entries that one answer describes; all are counted

Kind = Literal["string", "number", "integer", "boolean", "moment", "positions", "faults"]
_TYPES: dict[Kind, dict[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "moment": {"type": "string", "format": "date-time"},
    "positions": {"type": "array", "items": {"$ref": "#/components/schemas/Position"}},
    "faults": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
}


_SHOWN: dict[str, str] = {"positions": "Position[]", "faults": "Fault[]", "moment": "date-time"}


@dataclass(frozen=True)
class Prop:
    """One named value: what it is, whether it must be there, its bounds or codes."""

    name: str
    about: str
    kind: Kind = "string"
    required: bool = False
    least: float | None = None
    most: float | None = None
    values: Sequence[str] = ()


SCHEMAS: dict[str, tuple[Prop, ...]] = {
    "Batch": (
        Prop("datum", zh("坐标系；不填则照设备登记的"), values=tuple(rules.DATUMS)),
        Prop("vehicle", zh("车辆编号或车牌号；每条里没写的用它")),
        Prop("positions", zh("位置，次序不限"), "positions", True, 1, rules.MOST_ENTRIES),
    ),
    "Position": (
        Prop("vehicle", zh("车辆编号或车牌号")),
        Prop("time", zh("时间，带时区"), "moment", True),
        Prop("lon", zh("经度，度"), "number", True, rules.WEST, rules.EAST),
        Prop("lat", zh("纬度，度"), "number", True, rules.SOUTH, rules.NORTH),
        Prop("speed", zh("速度，公里每小时"), "number", least=0, most=200),
        Prop("heading", zh("方向，正北为 0，顺时针，度"), "number", least=0, most=360),
        Prop("plough", zh("雪铲是否放下"), "boolean"),
        Prop("spread", zh("是否在撒布"), "boolean"),
        Prop("rate", zh("撒布量，克每平方米"), "number", least=0, most=500),
        Prop(
            "seq",
            zh("设备自增的序号；填了才能认出时钟被拨回"),
            "integer",
            least=0,
            most=2**53 - 1,
        ),
    ),
    "Receipt": (
        Prop("received", zh("收到多少条"), "integer", True),
        Prop("stored", zh("新存下多少条"), "integer", True),
        Prop("repeated", zh("早已有的多少条，没有再存"), "integer", True),
        Prop("off_shift", zh("不在当班的多少条，没有存"), "integer", True),
        Prop("faulty", zh("有错的多少条，没有存"), "integer", True),
        Prop("faults", zh("错在哪里；最多说 100 条"), "faults", True),
    ),
    "Fault": (
        Prop("entry", zh("第几条，从 0 数起"), "integer", True),
        Prop("code", zh("错误的代号"), required=True, values=tuple(rules.SENTENCES)),
        Prop("detail", zh("错在哪里，怎样改"), required=True),
    ),
    "Problem": (
        Prop("title", zh("错误的名称"), required=True),
        Prop("status", zh("状态码"), "integer", True),
        Prop("detail", zh("错在哪里，怎样改"), required=True),
    ),
}
TITLES = {
    400: zh("读不懂"),
    401: zh("令牌无效"),
    405: zh("方法不对"),
    413: zh("太大"),
    415: zh("格式不对"),
    422: zh("内容不对"),
    503: zh("忙"),
}


def receipt(made: Receipt) -> dict[str, Any]:
    """What became of a batch."""
    return {
        "received": made.received,
        "stored": made.stored,
        "repeated": made.repeated,
        "off_shift": made.off_shift,
        "faulty": len(made.faults),
        "faults": [
            {
                "entry": one.nth,
                "code": one.code,
                "detail": _(rules.SENTENCES[one.code]) % one.params,
            }
            for one in made.faults[:MOST_TOLD]
        ],
    }


def problem(status: int, sentence: str) -> dict[str, Any]:
    """What was wrong with the whole request (RFC 9457)."""
    return {"type": "about:blank", "title": _(TITLES[status]), "status": status, "detail": sentence}


def document() -> dict[str, Any]:
    """The declaration as an OpenAPI 3.1 document, in the reader's language."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}}
    faults = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation = {
        "operationId": "post_positions",
        "summary": _("报位置"),
        "description": _(_ABOUT),
        "parameters": [
            {
                "name": "Content-Encoding",
                "in": "header",
                "required": False,
                "description": _("内容压缩过的写 gzip"),
                "schema": {"type": "string", "enum": ["gzip", "identity"]},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Batch"}}},
        },
        "responses": {
            "200": {"description": _("回执"), "content": content},
            **{
                str(status): {"description": _(title), "content": faults}
                for status, title in TITLES.items()
            },
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": _("车辆位置接口"), "version": "1", "description": _(_ABOUT)},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {PATH: {"post": operation}},
        "components": {
            "schemas": {name: _schema(props) for name, props in SCHEMAS.items()},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _("由除雪办在“上报设备”里发放。"),
                }
            },
        },
    }


_ABOUT = zh(
    "只收车辆的位置，只收当班时的。次序不限，重发不会多存；一条有错只说这一条，不影响别的。"
    "不在当班的位置不存，只计数。人的手机从来不收。"
)


def _schema(props: Sequence[Prop]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [prop.name for prop in props if prop.required],
        "properties": {prop.name: _typed(prop) for prop in props},
        "additionalProperties": props is SCHEMAS["Problem"],
    }


def _typed(prop: Prop) -> dict[str, Any]:
    typed = {**_TYPES[prop.kind], "description": _(prop.about)}
    names = ("minItems", "maxItems") if prop.kind == "positions" else ("minimum", "maximum")
    for name, bound in zip(names, (prop.least, prop.most), strict=True):
        if bound is not None:
            typed[name] = bound
    if prop.values:
        typed["enum"] = list(prop.values)
    return typed


def page(address: str) -> DetailPage:
    """The same declaration for people; `address` is where this site is reached."""
    example = (
        f'curl -H "Authorization: Bearer …" -H "Content-Type: application/json" '
        f'-d \'{{"datum":"gcj02","positions":[{{"vehicle":"…",'
        f'"time":"2026-01-21T05:10:03+08:00","lon":113.75,"lat":34.72,"speed":21,'
        f'"plough":true,"spread":true,"rate":20}}]}}\' "{address}{PATH}"'
    )
    how = (
        row(_("地址"), Cell(f"POST {address}{PATH}", "code")),
        row(_("请求头"), Cell("Authorization: Bearer …", "code")),
        row(
            _("大小"),
            _("一次最多 %(n)d 条、%(mb)d MB；可用 gzip 压缩，压缩后最大 %(kb)d KB。")
            % {"n": rules.MOST_ENTRIES, "mb": MOST_BYTES >> 20, "kb": MOST_PACKED >> 10},
        ),
        row(
            _("保存"),
            _("单个位置保存 %(hours)d 小时，到期即删；路段上的作业记录长期保存。")
            % {"hours": queries.keep_hours()},
        ),
    )
    titles = {
        "Batch": _("发送：%(name)s"),
        "Position": _("发送：%(name)s"),
        "Receipt": _("答复：%(name)s"),
        "Fault": _("答复：%(name)s"),
        "Problem": _("答复：%(name)s"),
    }
    return DetailPage(
        _("车辆位置接口"),
        [
            Prose(_("收什么，不收什么"), _(_ABOUT)),
            Tables(_("怎样用"), Table(columns(_("部分"), Column(_("写法"), wide=True)), how)),
            Prose(_("试一试"), example),
            *(_props(titles[name] % {"name": name}, SCHEMAS[name]) for name in titles),
        ],
        links=(Link(_("OpenAPI 文档"), f"{PATH}openapi.json"),),
    )


def _props(title: str, props: Sequence[Prop]) -> Tables:
    heads = columns(_("名称"), _("类型"), _("必填"), Column(_("说明"), wide=True))
    lines = tuple(
        row(
            Cell(prop.name, "code"),
            Cell(_SHOWN.get(prop.kind, prop.kind), "code"),
            _("是") if prop.required else "",
            Cell(_(prop.about), note=_bounds(prop)),
        )
        for prop in props
    )
    return Tables(title, Table(heads, lines))


def _bounds(prop: Prop) -> str:
    if prop.values:
        return _("可填：%(codes)s。") % {"codes": _("、").join(prop.values)}
    if prop.least is None or prop.most is None or prop.most > 1e9:
        return ""
    return _("从 %(least)s 到 %(most)s。") % {"least": f"{prop.least:g}", "most": f"{prop.most:g}"}
