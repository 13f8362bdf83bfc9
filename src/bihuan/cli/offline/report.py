"""A printable report of a run: one list of sections, written as HTML, Excel or Word."""

import html
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from openpyxl import Workbook
from openpyxl.styles import Font

from bihuan.cli.offline.words import _, english
from bihuan.engines.index import Result
from bihuan.engines.index.audit import Audit, audit
from bihuan.engines.index.explain import contributions, strengths


@dataclass(frozen=True)
class Section:
    """一节：标题、几段话、一张表。"""

    title: str
    words: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    digits: int = 3


def sections(result: Result, unit: str = "") -> list[Section]:
    """The report's content; every sentence comes from a stored number."""
    told = audit(result, influence=False)
    out = [_about(result), _ranking(result)]
    if unit:
        out += _unit(result, unit)
    return [*out, *_audit(told), _steps(result)]


def _about(result: Result) -> Section:
    words = (
        _("本报告的得分和位次是测算值，不是主管部门公布的结果。"),
        _("%(units)d 个单位，%(indicators)d 项指标；方法：%(scale)s，%(means)s。")
        % {
            "units": len(result.units),
            "indicators": result.tree.leaves,
            "scale": result.method.normalise.how,
            "means": _("、").join(result.method.aggregate.how),
        },
        _("运行摘要 %(digest)s，引擎 %(engine)s。")
        % {"digest": result.digest[:16], "engine": result.version},
    )
    return Section(_("综合评价报告"), words)


def _ranking(result: Result) -> Section:
    tree = result.tree
    parts = [tree.root, *tree.children[tree.root]]
    order = sorted(range(len(result.units)), key=lambda i: (int(result.top_ranks[i]) or 10**9, i))
    rows = tuple(
        (
            int(result.top_ranks[i]) or "—",
            result.units[i],
            result.treated.names[i] if result.treated.names else "",
            *(round(float(result.scores[i, n]), 2) for n in parts),
        )
        for i in order
    )
    titles = [tree.nodes[n].name or tree.codes[n] for n in parts]
    return Section(_("位次"), (), (_("位次"), _("代码"), _("名称"), *titles), rows, digits=2)


def _unit(result: Result, unit: str) -> list[Section]:
    row = result.row(unit)
    tree = result.tree
    words = [
        _("%(unit)s 得 %(score).2f 分，居第 %(rank)d 位。")
        % {"unit": unit, "score": result.top[row], "rank": result.top_ranks[row]}
    ]
    parts = contributions(result, unit)
    up, down = strengths(tree, parts)
    names = {n.code: n.name or n.code for n in tree.nodes}
    if up:
        words.append(_("长处：%(list)s。") % {"list": _("、").join(names[c] for c in up)})
    if down:
        words.append(_("短板：%(list)s。") % {"list": _("、").join(names[c] for c in down)})
    order = np.argsort(-np.abs(parts), kind="stable")
    rows = tuple(
        (
            tree.codes[j],
            names[tree.codes[j]],
            round(float(result.normalised.x[row, j]), 2),
            round(float(parts[j]), 3),
        )
        for j in order
    )
    header = (_("代码"), _("指标"), _("无量纲值"), _("对总分的贡献（与平均水平相比）"))
    return [Section(unit, tuple(words), header, rows)]


def _audit(told: Audit) -> list[Section]:
    groups = tuple(
        (
            g.node,
            len(g.children),
            *(_short(v) for v in (g.alpha, g.first_share, g.within, g.across)),
        )
        for g in told.groups
    )
    pairs = tuple((p.one, p.other, round(p.r, 3), why(p.why)) for p in told.pairs)
    return [
        Section(
            _("各组的一致性"),
            (),
            (_("组"), _("项数"), _("克龙巴赫系数"), _("第一主成分"), _("组内相关"), _("组外相关")),
            groups,
        ),
        Section(_("值得一看的相关"), (), (_("一"), _("二"), "r", _("为什么")), pairs),
    ]


def why(code: str) -> str:
    """Why a pair is worth a look."""
    return {
        "redundant": _("几乎重复"),
        "against": _("同组而相反"),
        "against_parent": _("与上级相反"),
        "weak_in_parent": _("在上级里几乎不起作用"),
        "closer_to_other": _("与别组更近"),
    }[code]


def _steps(result: Result) -> Section:
    rows = []
    for step in result.log:
        changed = sum(1 for _cell in step.cells()) if step.name in ("impute", "treat") else ""
        arguments = "，".join(f"{k}={v}" for k, v in step.arguments.items())
        rows.append((step.name, arguments, changed, _("、").join(step.dropped)))
    header = (_("步骤"), _("参数"), _("改动的格数"), _("未参评的单位"))
    return Section(_("每一步"), (), header, tuple(rows))


def _short(value: float) -> Any:
    return "—" if np.isnan(value) else round(value, 3)


# Three formats ------------------------------------------------------------------------------------

_STYLE = (
    "body{font-family:serif;line-height:1.6;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:1em 0;font-size:90%}"
    "td,th{border-bottom:1px solid #999;padding:.2em .6em;text-align:left}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "div{overflow-x:auto}@media(max-width:40em){body{margin:1em auto}}"
    "@media print{thead{display:table-header-group}tr{break-inside:avoid}}"
)


def as_html(parts: Sequence[Section]) -> bytes:
    lines = [
        f'<!doctype html><html lang="{"en" if english() else "zh-CN"}"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{html.escape(parts[0].title)}</title><style>{_STYLE}</style>",
    ]
    for number, part in enumerate(parts):
        level = 1 if number == 0 else 2
        lines.append(f"<h{level}>{html.escape(part.title)}</h{level}>")
        lines += [f"<p>{html.escape(words)}</p>" for words in part.words]
        if part.header:
            heads = "".join(f'<th scope="col">{html.escape(str(h))}</th>' for h in part.header)
            lines.append(f"<div><table><thead><tr>{heads}</tr></thead><tbody>")
            for row in part.rows:
                cells = "".join(_cell(cell, part.digits) for cell in row)
                lines.append(f"<tr>{cells}</tr>")
            lines.append("</tbody></table></div>")
    return ("\n".join(lines) + "</html>\n").encode()


def _cell(value: Any, digits: int) -> str:
    mark = ' class="n"' if isinstance(value, int | float) else ""
    return f"<td{mark}>{html.escape(_shown(value, digits))}</td>"


def _shown(value: Any, digits: int) -> str:
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def as_xlsx(parts: Sequence[Section]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for number, part in enumerate(parts, start=1):
        title = "".join(sign for sign in part.title if sign not in "[]:*?/\\'")[:25]
        title = title if title and title not in taken else f"{title} {number}"
        taken.add(title)
        page = book.create_sheet(title)
        for words in part.words:
            page.append([_safe(words)])
        if part.header:
            page.append([_safe(cell) for cell in part.header])
            for cell in page[page.max_row]:
                cell.font = Font(bold=True)
        for row in part.rows:
            page.append([_safe(cell) for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is kept a text."""
    if isinstance(value, str) and value[:1] in "=+-@" and value not in ("-", "—"):
        return "'" + value
    return value


_DOCX = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    ),
}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def as_docx(parts: Sequence[Section]) -> bytes:
    body = []
    for number, part in enumerate(parts):
        body.append(_paragraph(part.title, size=36 if number == 0 else 28, bold=True))
        body += [_paragraph(words) for words in part.words]
        if part.header:
            shown = ([_shown(cell, part.digits) for cell in row] for row in part.rows)
            rows: list[Sequence[Any]] = [part.header, *shown]
            body.append(
                "<w:tbl><w:tblPr><w:tblW w:w='5000' w:type='pct'/></w:tblPr>"
                + "".join(_row(row, head=i == 0) for i, row in enumerate(rows))
                + "</w:tbl>"
                + _paragraph("")
            )
    page = "<w:sectPr><w:pgSz w:w='11906' w:h='16838'/></w:sectPr>"
    text = f"<w:document xmlns:w='{_W}'><w:body>{''.join(body)}{page}</w:body></w:document>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {**_DOCX, "word/document.xml": text}.items():
            head = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
            # A fixed date, so that the same run writes the same bytes.
            book.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), head + content)
    return stream.getvalue()


def _paragraph(text: str, size: int = 22, bold: bool = False) -> str:
    look = f"<w:rPr>{'<w:b/>' if bold else ''}<w:sz w:val='{size}'/></w:rPr>"
    return f"<w:p><w:r>{look}<w:t xml:space='preserve'>{escape(text)}</w:t></w:r></w:p>"


def _row(cells: Sequence[Any], *, head: bool) -> str:
    mark = "<w:trPr><w:tblHeader/></w:trPr>" if head else ""
    inner = "".join(
        f"<w:tc><w:tcPr/>{_paragraph(str(cell), size=18, bold=head)}</w:tc>" for cell in cells
    )
    return f"<w:tr>{mark}{inner}</w:tr>"


FORMATS = {".html": as_html, ".xlsx": as_xlsx, ".docx": as_docx}
