"""接口: the one declaration of what other systems can ask, read three ways.

`OPERATIONS` and `SCHEMAS` say what there is; `document` writes them as OpenAPI 3.1, `page` as a
page for people, and `shown` gives out a finding by the same names. Addresses are in urls.py, the
work is in views/api.py, and a test holds all of them together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.ledger import queries, rules
from bihuan.ledger.forms.api import LAST, MOST, PAGE_SIZE, codes_of
from bihuan.ledger.models import Evidence, Finding
from bihuan.ledger.rules.tables import Row as RuleRow
from bihuan.ui.panel import DetailPage, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row

VERSION = "1"
ROOT = "/ledger/api/v1"
PROBLEM = "application/problem+json"

Kind = Literal["string", "integer", "boolean", "date", "moment", "file"]


@dataclass(frozen=True)
class Prop:
    """One named value: what it is; `values` are the codes allowed; `many` a list of a schema."""

    name: str
    about: str
    kind: Kind = "string"
    required: bool = False
    nullable: bool = False
    values: Callable[[], Iterable[str]] | None = None
    most: int | None = None
    pattern: str = ""
    default: str | int | None = None
    many: str = ""
    read: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked: where, what is sent, what comes back, what may go wrong."""

    code: str
    method: Literal["get", "post"]
    path: str
    name: str
    about: str
    gives: str = ""
    status: int = 200
    again: int = 0  # the status where it had been done before
    verb: str = "ledger.view"
    query: tuple[Prop, ...] = ()
    body: str = ""
    media: str = "application/json"
    faults: tuple[int, ...] = (401, 404, 429)


@dataclass(frozen=True)
class Shown:
    """A finding as it is given out, with its lamp of today."""

    finding: Finding
    lamp: RuleRow | None


def _codes(table: str) -> Callable[[], list[str]]:
    return lambda: [code for code, _label in queries.words(table)]


def _of(name: str) -> Callable[[Shown], Any]:
    return lambda one: getattr(one.finding, name)


def _unit(one: Shown) -> str | None:
    return one.finding.lead_unit.code if one.finding.lead_unit else None


def _unit_name(one: Shown) -> str | None:
    return one.finding.lead_unit.label() if one.finding.lead_unit else None


def _late(one: Shown) -> bool:
    f = one.finding
    return rules.is_overdue(f.state, f.due, clock.today(), f.requested_on)


def _day(name: str, about: str) -> Prop:
    return Prop(name, about, "date", required=True, nullable=True, read=_of(name))


def _given(name: str, about: str, **more: Any) -> Prop:
    return Prop(name, about, required=True, read=_of(name), **more)


_SOURCES, _RISKS, _KINDS = _codes("sources"), lambda: rules.RISKS, lambda: rules.RECT_KINDS
_CODE = "^[-a-zA-Z0-9_]+$"


def _taken(name: str) -> Callable[[], list[str]]:
    return lambda: codes_of(name)


_FINDING = (
    _given("number", zh("编号")),
    _given("external_number", zh("原编号：提出它的系统自己的编号")),
    _given("title", zh("问题")),
    _given("description", zh("问题描述")),
    _given("place", zh("地点或对象")),
    _given("source", zh("问题来源")),
    _given("source_number", zh("来源文号")),
    _given("category", zh("问题类别")),
    _given("rect_kind", zh("整改类型"), values=_KINDS),
    _given("risk", zh("风险"), values=_RISKS),
    _given("goal", zh("整改目标")),
    _given("standard", zh("验收标准")),
    _given("state", zh("状态"), values=lambda: rules.STATES),
    Prop("lead_unit", zh("牵头单位代码"), required=True, nullable=True, read=_unit),
    Prop("lead_unit_name", zh("牵头单位"), required=True, nullable=True, read=_unit_name),
    _day("assigned_on", zh("交办日期")),
    _day("due", zh("完成时限")),
    _day("first_due", zh("最初时限")),
    _day("requested_on", zh("申请销号日期")),
    _day("closed_on", zh("销号日期")),
    Prop("overdue", zh("是否逾期"), "boolean", required=True, read=_late),
    Prop(
        "lamp",
        zh("亮灯规则中的代码；没有时限的、不在整改中的没有"),
        required=True,
        nullable=True,
        read=lambda one: one.lamp["code"] if one.lamp else None,
    ),
    Prop("round", zh("轮次"), "integer", required=True, read=_of("round")),
    Prop("raised_at", zh("提出时间"), "moment", required=True, read=_of("created_at")),
)


def _brought(name: str, about: str, kind: Kind = "string", **more: Any) -> Prop:
    read = more.pop("read", lambda one: getattr(one, name))
    return Prop(name, about, kind, required=True, read=read, **more)


# What the forms ask of a text: no control character NUL; where required, not only spaces.
_TEXT = r"^[^\u0000]*$"
_NOT_BLANK = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"

_EVIDENCE = (
    _brought("text", zh("这份材料说明什么")),
    _brought("kind", zh("种类"), values=lambda: rules.EVIDENCE_KINDS),
    _brought("dated", zh("形成日期"), "date", nullable=True),
    _brought("place", zh("地点")),
    _brought("round", zh("轮次"), "integer"),
    _brought("name", zh("文件名"), read=lambda one: one.version.name),
    _brought("size", zh("字节数"), "integer", read=lambda one: one.version.size),
    _brought("sha256", zh("文件摘要"), read=lambda one: one.version.digest),
    _brought("brought_at", zh("提交时间"), "moment", read=lambda one: one.created_at),
)
_PROGRESS = (
    _brought("text", zh("进展")),
    _brought("reported_at", zh("时间"), "moment", read=lambda one: one.created_at),
)

SCHEMAS: dict[str, tuple[Prop, ...]] = {
    "Finding": _FINDING,
    "FindingInFull": (
        *_FINDING,
        Prop("progress", zh("进展"), required=True, many="Progress"),
        Prop("evidence", zh("佐证材料"), required=True, many="Evidence"),
    ),
    "Progress": _PROGRESS,
    "Evidence": _EVIDENCE,
    "Findings": (
        Prop("total", zh("符合条件的共有多少条"), "integer", required=True),
        Prop("items", zh("这一次取到的"), required=True, many="Finding"),
        Prop("next", zh("接着取的地址；没有了则为空"), required=True, nullable=True),
    ),
    "NewFinding": (
        Prop("title", zh("问题"), required=True, most=200, pattern=_NOT_BLANK),
        Prop("source", zh("问题来源"), required=True, values=_SOURCES),
        Prop(
            "external_number",
            zh("原编号：本系统自己的编号。写了的，同一编号只立一次，重发得到原来的问题"),
            most=60,
            pattern=_TEXT,
        ),
        Prop("description", zh("问题描述"), pattern=_TEXT),
        Prop("place", zh("地点或对象"), most=120, pattern=_TEXT),
        Prop("source_number", zh("来源文号"), most=80, pattern=_TEXT),
        Prop("category", zh("问题类别"), most=60, pattern=_TEXT),
        Prop("rect_kind", zh("整改类型"), values=_KINDS, default="dated"),
        Prop("risk", zh("风险"), values=_RISKS, default="medium"),
        Prop("goal", zh("整改目标"), pattern=_TEXT),
        Prop("standard", zh("验收标准"), pattern=_TEXT),
    ),
    "NewEvidence": (
        Prop("upload", zh("文件或照片"), "file", required=True),
        Prop("text", zh("这份材料说明什么"), required=True, most=4000, pattern=_NOT_BLANK),
        Prop("kind", zh("种类"), values=lambda: rules.EVIDENCE_KINDS, default="other"),
        Prop("dated", zh("形成日期"), "date"),
        Prop("place", zh("地点"), most=120, pattern=_TEXT),
    ),
    "Problem": (
        Prop("type", zh("固定为 about:blank"), required=True),
        Prop("title", zh("哪一类不对"), required=True),
        Prop("status", zh("状态码"), "integer", required=True),
        Prop("detail", zh("全部不对之处，每句一行"), required=True),
        Prop("errors", zh("逐项的不对之处"), required=True, many="Fault"),
    ),
    "Fault": (
        Prop("field", zh("哪一项；空则为整个请求"), required=True),
        Prop("detail", zh("怎样不对，怎样改"), required=True),
    ),
}

_FILTERS = (
    Prop("text", zh("编号、标题、地点或描述里的文字"), most=60, pattern=_TEXT),
    Prop(
        "state",
        zh("状态；open 未销号，given 交办过，with_unit 在责任单位，with_checker 在核查人"),
        values=_taken("state"),
    ),
    Prop("unit", zh("牵头或配合单位的代码"), pattern=_CODE),
    Prop("lead", zh("牵头单位的代码"), pattern=_CODE),
    Prop("source", zh("问题来源"), values=_SOURCES),
    Prop("kind", zh("整改类型"), values=_KINDS),
    Prop("category", zh("问题类别，照原文；- 为没有写的"), most=60, pattern=_TEXT),
    Prop("risk", zh("风险"), values=_RISKS),
    Prop("lamp", zh("今天的灯，亮灯规则中的代码；- 为不亮灯"), values=_taken("lamp")),
    Prop("since", zh("交办自"), "date"),
    Prop("until", zh("交办至"), "date"),
    Prop("closed_since", zh("销号自"), "date"),
    Prop("closed_until", zh("销号至"), "date"),
    Prop("late", zh("只看逾期"), "boolean"),
    Prop("recheck", zh("只看待回头看"), "boolean"),
    Prop("page_size", zh("每次多少条"), "integer", most=MOST, default=PAGE_SIZE),
    Prop("cursor", zh("从哪里接着取：照上一次的 next 写"), "integer", most=LAST),
)

OPERATIONS = (
    Operation(
        "list_findings",
        "get",
        "/findings",
        zh("列出问题"),
        zh("新的在前。还有更多的，照 next 的地址接着取；取的过程中新增的问题不会打乱顺序。"),
        gives="Findings",
        query=_FILTERS,
        faults=(401, 404, 422, 429),
    ),
    Operation(
        "raise_finding",
        "post",
        "/findings",
        zh("提出问题"),
        zh(
            "存为草稿，领取编号；由谁整改、何时完成，由督查部门交办时定。"
            "写了原编号的可以放心重发：同样的内容再发，答原来的问题；内容不同的不收。"
        ),
        gives="FindingInFull",
        status=201,
        again=200,
        verb="ledger.raise",
        body="NewFinding",
        faults=(400, 401, 403, 409, 413, 415, 422, 429),
    ),
    Operation(
        "read_finding",
        "get",
        "/findings/{number}",
        zh("读一个问题"),
        zh("按编号读，连同进展和佐证的清单。看不到的与不存在的，都答没有找到。"),
        gives="FindingInFull",
    ),
    Operation(
        "add_evidence",
        "post",
        "/findings/{number}/evidence",
        zh("提交佐证"),
        zh("一次一份文件。整改中的问题才能提交。"),
        gives="Evidence",
        status=201,
        verb="ledger.submit",
        body="NewEvidence",
        media="multipart/form-data",
        faults=(400, 401, 403, 404, 409, 415, 422, 429),
    ),
    Operation(
        "read_document",
        "get",
        "/openapi.json",
        zh("读本说明"),
        zh("OpenAPI 3.1 文档，与接口说明页出自同一份声明。"),
        faults=(401, 429),
    ),
)

TITLES = {
    400: zh("请求读不懂"),
    401: zh("没有令牌，或令牌无效"),
    403: zh("没有权限"),
    404: zh("没有找到"),
    405: zh("这个地址不能这样用"),
    409: zh("现在不能办理"),
    413: zh("请求太大"),
    415: zh("请求的内容类型不对"),
    422: zh("内容有不对之处"),
    429: zh("错误的令牌太多"),
}


# What is given out -------------------------------------------------------------------------------


def findings(found: Sequence[Finding], total: int, following: str | None) -> dict[str, Any]:
    """One part of the list."""
    lamps = queries.lamps(found)
    items = [_out("Finding", Shown(one, lamps[one.pk])) for one in found]
    return {"total": total, "items": items, "next": following}


def finding(found: Finding) -> dict[str, Any]:
    """One finding in full."""
    progress = [_out("Progress", one) for one in found.progress.all()]
    brought = [evidence(one) for one in found.evidence.select_related("version")]
    shown = _out("FindingInFull", Shown(found, queries.lamp(found)))
    return {**shown, "progress": progress, "evidence": brought}


def evidence(brought: Evidence) -> dict[str, Any]:
    """One piece of evidence; its file stays in the house."""
    return _out("Evidence", brought)


def problem(status: int, faults: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What was wrong, all of it (RFC 9457)."""
    return {
        "type": "about:blank",
        "title": _(TITLES[status]),
        "status": status,
        "detail": "\n".join(detail for _field, detail in faults),
        "errors": [{"field": field, "detail": detail} for field, detail in faults],
    }


def _out(schema: str, thing: Any) -> dict[str, Any]:
    return {p.name: _plain(p.read(thing), p) for p in SCHEMAS[schema] if p.read is not None}


def _plain(value: Any, prop: Prop) -> Any:
    if value is None or prop.kind not in ("date", "moment"):
        return value
    return (timezone.localtime(value) if prop.kind == "moment" else value).isoformat()


# As OpenAPI 3.1 ----------------------------------------------------------------------------------

_TYPES: dict[Kind, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
}


def document() -> dict[str, Any]:
    """The declaration as an OpenAPI 3.1 document, in the reader's language."""
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("闭环台账接口"),
            "version": VERSION,
            "description": _("别的系统凭令牌以某一任职办理：能看、能办的与该任职相同。"),
        },
        "servers": [{"url": ROOT}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {name: _schema(props) for name, props in SCHEMAS.items()},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _("由系统管理员在“接口令牌”里发放。"),
                }
            },
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    parameters = [_parameter(prop, "query") for prop in one.query]
    if "{number}" in one.path:
        number = Prop("number", zh("问题的编号"), required=True, pattern=_CODE)
        parameters.insert(0, _parameter(number, "path"))
    schema = _ref(one.gives) if one.gives else {"type": "object"}
    answer: dict[str, Any] = {"description": _(one.name)}
    answer["content"] = {"application/json": {"schema": schema}}
    answers = {str(one.status): answer}
    if one.again:
        answers[str(one.again)] = {**answer, "description": _("早已提出过，答原来的问题")}
    written: dict[str, Any] = {
        "operationId": one.code,
        "summary": _(one.name),
        "description": _(one.about),
        "parameters": parameters,
        "responses": {
            **answers,
            **{str(status): _refusal(status) for status in one.faults},
        },
    }
    if one.body:
        content = {one.media: {"schema": _ref(one.body)}}
        written["requestBody"] = {"required": True, "content": content}
    return written


_HEADERS = {
    401: ("WWW-Authenticate", zh("应当怎样表明身份"), {"type": "string"}),
    429: ("Retry-After", zh("多少秒以后再试"), {"type": "integer"}),
}


def _refusal(status: int) -> dict[str, Any]:
    content = {PROBLEM: {"schema": _ref("Problem")}}
    told: dict[str, Any] = {"description": _(TITLES[status]), "content": content}
    if status in _HEADERS:
        name, about, schema = _HEADERS[status]
        told["headers"] = {name: {"description": _(about), "schema": schema}}
    return told


def _parameter(prop: Prop, place: str) -> dict[str, Any]:
    told = {
        "name": prop.name,
        "in": place,
        "required": prop.required,
        "description": _(prop.about),
        "schema": _typed(prop),
    }
    # An empty filter is one that was not asked.
    return told | {"allowEmptyValue": True} if place == "query" else told


def _schema(props: Sequence[Prop]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [prop.name for prop in props if prop.required],
        "properties": {p.name: {**_typed(p), "description": _(p.about)} for p in props},
        "additionalProperties": False,
    }


def _typed(prop: Prop) -> dict[str, Any]:
    if prop.many:
        return {"type": "array", "items": _ref(prop.many)}
    typed = dict(_TYPES[prop.kind])
    if prop.nullable:
        typed["type"] = [typed["type"], "null"]
    if prop.values is not None:
        typed["enum"] = list(prop.values())
    if prop.kind == "integer" and prop.most is not None:
        typed |= {"minimum": 1, "maximum": prop.most}
    elif prop.most is not None:
        typed["maxLength"] = prop.most
    if prop.pattern:
        typed["pattern"] = prop.pattern
    if prop.default is not None:
        typed["default"] = prop.default
    return typed


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


# As a page ---------------------------------------------------------------------------------------


def page(address: str) -> DetailPage:
    """The same declaration for people; `address` is where this site is reached."""
    try_it = f'curl -H "Authorization: Bearer …" "{address}{ROOT}/findings?late=true"'
    how = (
        row(_("地址"), Cell(f"{address}{ROOT}", "code")),
        row(_("请求头"), Cell("Authorization: Bearer …", "code")),
        row(_("出错时"), Cell(PROBLEM, "code", note=_("一次说清全部不对之处。"))),
        row(_("试一试"), Cell(try_it, "code")),
    )
    panels: list[Panel] = [
        Tables(_("怎样用"), Table(columns(_("部分"), Column(_("写法"), wide=True)), how)),
        *(_panel(one) for one in OPERATIONS),
    ]
    shown = {one.gives for one in OPERATIONS if one.gives} | {"Progress", "Problem", "Fault"}
    for name in (name for name in SCHEMAS if name in shown):
        panels.append(_props(_("答复：%(name)s") % {"name": name}, SCHEMAS[name]))
    return DetailPage(
        _("接口说明"),
        panels,
        intro=_("别的系统凭令牌以某一任职办理：能看、能办的与该任职相同。看不到的一律答没有找到。"),
        links=(Link(_("OpenAPI 文档"), f"{ROOT}/openapi.json"),),
    )


def _panel(one: Operation) -> Panel:
    title = f"{one.method.upper()} {one.path} · {_(one.name)}"
    told = _("%(about)s 成功答 %(status)s，不成功答 %(faults)s。") % {
        "about": _(one.about),
        "status": _("、").join(str(status) for status in (one.status, one.again) if status),
        "faults": _("、").join(str(status) for status in one.faults),
    }
    props = one.query or (SCHEMAS[one.body] if one.body else ())
    return _props(title, props, told) if props else Prose(title, told)


def _props(title: str, props: Sequence[Prop], intro: str = "") -> Tables:
    heads = columns(_("名称"), _("类型"), _("必填"), Column(_("说明"), wide=True))
    lines = tuple(
        row(
            Cell(prop.name, "code"),
            Cell(f"{prop.many}[]" if prop.many else prop.kind, "code"),
            _("是") if prop.required else "",
            Cell(_(prop.about), note=_allowed(prop)),
        )
        for prop in props
    )
    return Tables(title, Table(heads, lines), intro)


def _allowed(prop: Prop) -> str:
    """The codes allowed, the most, what holds if it is left out."""
    told = []
    if prop.values is not None:
        told.append(_("可填：%(codes)s。") % {"codes": _("、").join(prop.values())})
    if prop.most is not None:
        sentence = _("最大 %(n)d。") if prop.kind == "integer" else _("最多 %(n)d 个字。")
        told += [sentence % {"n": prop.most}] if prop.most < LAST else []
    if prop.default is not None:
        told.append(_("不填则为 %(value)s。") % {"value": prop.default})
    return "".join(told)
