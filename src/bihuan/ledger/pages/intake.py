"""A workbook before it is let in: what was understood, every doubt, what would change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import shorten
from bihuan.exchange.doubt import Doubt
from bihuan.exchange.headings import HEADINGS
from bihuan.exchange.rows import LedgerRead, Row
from bihuan.ledger import rules
from bihuan.ledger.forms.intake import AnswerForm, TemplateForm, WorkbookForm
from bihuan.ledger.models import Intake
from bihuan.ledger.queries import intake as asked
from bihuan.ledger.rules import doubts
from bihuan.ui.panel import DetailPage, FormPage, FormPanel, Link, Numbers, Panel, Station, Tables
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, Tone, columns, row

PAGE = 50
_MOST_DOUBTS = 200
KINDS: dict[str, tuple[str, Tone]] = {
    "new": ("新", "info"),
    "update": ("更新", "warn"),
    "same": ("不变", "quiet"),
}


def upload(form: WorkbookForm, earlier: Sequence[Intake]) -> FormPage:
    """Choose a workbook; earlier ones below."""
    panel = FormPanel("", form, reverse("ledger:intakes"), _("读一读"))
    heads = columns(_("时间"), Column(_("文件"), wide=True), _("状态"), _("经办"))
    lines = tuple(
        row(
            Cell(one.created_at, "moment"),
            Cell(one.version.name, href=one.get_absolute_url(), note=outcome(one.outcome)),
            Tag(
                _(rules.INTAKE_STATES[one.state]),
                {"confirmed": "good", "preview": "warn"}.get(one.state, "quiet"),  # type: ignore[arg-type]  # tones
            ),
            one.by.label() if one.by else "",
        )
        for one in earlier
    )
    return FormPage(
        _("导入台账"),
        panel,
        _("先读给您看，确认之前台账不变。同一份文件再导入，只更新，不重复。"),
        panels=(Tables(_("以前导入的"), Table(heads, lines)),),
    )


def exporting(form: TemplateForm, address: str) -> FormPanel:
    """Export into the office's own workbook."""
    return FormPanel(
        _("写入本单位的台账"),
        form,
        address,
        _("写好下载"),
        _("照这份文件的格式写出当前筛选的问题，表头、列宽、别的工作表都不动。"),
        folded=True,
    )


def preview(
    intake: Intake,
    read: LedgerRead,
    lines: Sequence[asked.Line],
    form: AnswerForm | None,
    number: int,
    *,
    doubtful: bool,
) -> DetailPage:
    """Everything that was understood and every doubt, all at once."""
    waiting = intake.state == "preview"
    acts = _acts(intake, lines, form) if waiting else []
    panels: list[Panel] = [
        _numbers(intake, lines, read),
        *_grave(read),
        _rows(intake, lines, number, doubtful),
        _columns(read),
        *_left_out(read),
    ]
    tone: Tone = "warn" if waiting else "quiet"
    return DetailPage(
        intake.version.name,
        panels,
        acts,
        (Tag(_(rules.INTAKE_STATES[intake.state]), tone),),
        kicker=_("导入台账"),
        intro=outcome(intake.outcome)
        or _("下面是读懂的内容和全部疑问；确认之前台账不变，原文永远保留。"),
        links=(Link(_("返回"), reverse("ledger:intakes")),),
    )


def _outcome(intake: Intake) -> str:
    made = intake.outcome
    if not made:
        return ""
    return (
        _("新增 %(new)d 个（其中草稿 %(drafts)d 个），更新 %(updated)d 个，不变 %(same)d 个。")
        % made
    )


def _acts(intake: Intake, lines: Sequence[asked.Line], form: AnswerForm | None) -> list[FormPanel]:
    from bihuan.ledger.forms.steps import WordForm

    nothing = WordForm()
    del nothing.fields["note"]
    acts = []
    if form is not None:
        acts.append(
            FormPanel(
                _("没有认出的，请指明"),
                form,
                reverse("ledger:intake-answer", args=[intake.pk]),
                _("记下，再读一遍"),
                _("拿不准的留空：那几行先存为草稿，以后再交办。"),
            )
        )
    kinds = Counter(line.kind for line in lines)
    acts.append(
        FormPanel(
            _("确认导入"),
            nothing,
            reverse("ledger:intake-confirm", args=[intake.pk]),
            _("确认导入"),
            _("新增 %(new)d 个，更新 %(update)d 个，不变 %(same)d 个。要么全部写入，要么一行不写。")
            % {kind: kinds[kind] for kind in KINDS},
        )
    )
    acts.append(
        FormPanel(
            _("放弃"),
            nothing,
            reverse("ledger:intake-drop", args=[intake.pk]),
            _("放弃这次导入"),
            tone="bad",
            folded=True,
        )
    )
    return acts


def _numbers(intake: Intake, lines: Sequence[asked.Line], read: LedgerRead) -> Numbers:
    here = reverse("ledger:intake", args=[intake.pk])
    kinds = Counter(line.kind for line in lines)
    drafts = sum(line.kind == "new" and bool(line.told) for line in lines)
    return Numbers(
        _("读到的"),
        (
            Station(_("问题"), len(lines), here),
            Station(_("措施"), sum(len(line.row.measures) for line in lines), here),
            Station(_("新增"), kinds["new"], here, tone="plain"),
            Station(_("更新"), kinds["update"], here),
            Station(_("疑问"), len(read.doubts), f"{here}?doubtful=on", tone="warn"),
            Station(_("有提示的新增"), drafts, f"{here}?doubtful=on"),
        ),
    )


def _grave(read: LedgerRead) -> list[Tables]:
    """Doubts about the whole file or a sheet."""
    if not read.file_doubts:
        return []
    heads = columns(_("工作表"), _("位置"), Column(_("疑问"), wide=True))
    lines = tuple(
        row(d.sheet, Cell(d.cell, "code"), sentence(d), tone="bad" if d.grave else "warn")
        for d in read.file_doubts[:_MOST_DOUBTS]
    )
    return [Tables(_("对整份文件的疑问"), Table(heads, lines))]


def _rows(intake: Intake, lines: Sequence[asked.Line], number: int, doubtful: bool) -> Tables:
    here = reverse("ledger:intake", args=[intake.pk])
    chosen = [line for line in lines if line.row.doubts or line.told] if doubtful else lines
    paginator = Paginator(chosen, PAGE)
    shown = paginator.get_page(number)
    kept = {"doubtful": "on"} if doubtful else {}
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        f"{here}?{urlencode({**kept, 'page': shown.number - 1})}" if shown.has_previous() else "",
        f"{here}?{urlencode({**kept, 'page': shown.number + 1})}" if shown.has_next() else "",
    )
    heads = columns(
        _("行"),
        "",
        Column(_("问题"), wide=True),
        _("单位"),
        _("时限"),
        Column(_("措施"), number=True),
        Column(_("疑问与提示"), wide=True),
    )
    title = _("有疑问的行") if doubtful else _("逐行")
    return Tables(title, Table(heads, tuple(map(_line, shown)), pager=pager))


def _line(line: asked.Line) -> "row":  # type: ignore[valid-type]  # see the return below
    found, (name, tone) = line.row, KINDS[line.kind]
    told = [
        *(f"{d.cell} {sentence(d)}".strip() for d in found.doubts),
        *line.told,
        *(_change(field, pair) for field, pair in line.changes.items()),
    ]
    finding = line.finding
    return row(
        Cell(f"{shorten(found.sheet, 12)} {found.row}", "code"),
        Tag(_(name), tone),
        Cell(
            shorten(found.problem, 120),
            href=finding.get_absolute_url() if finding else "",
            note=finding.number if finding else found.number,
        ),
        _units(found),
        Cell(asked.due_of(found), "date", note=found.due.text),
        Cell(len(found.measures), "number"),
        "\n".join(told),
        tone="warn" if found.doubts else "plain",
    )


def _change(field: str, pair: tuple[str, str]) -> str:
    name = HEADINGS.get(field, field)
    if not pair[0]:
        return _("%(field)s：增加“%(new)s”") % {"field": name, "new": shorten(pair[1], 60)}
    return _("%(field)s：“%(old)s”改为“%(new)s”") % {
        "field": name,
        "old": shorten(pair[0], 40),
        "new": shorten(pair[1], 40),
    }


def _units(found: Row) -> str:
    def told(name: str, code: str | None) -> str:
        return name if code else _("%(name)s（没有认出）") % {"name": name}

    lead = "、".join(told(unit.name, unit.code) for unit in found.lead_units)
    assist = "、".join(told(unit.name, unit.code) for unit in found.assist_units)
    return _("%(lead)s；配合：%(assist)s") % {"lead": lead, "assist": assist} if assist else lead


def _columns(read: LedgerRead) -> Tables:
    """Which column was understood as what."""
    heads = columns(_("工作表"), _("列"), _("表头"), _("理解为"))
    lines = tuple(
        row(
            Cell(sheet.name, note=_filed(sheet.filed_by, sheet.year)),
            Cell(letters, "code"),
            heading,
            HEADINGS.get(field, "") or Tag(_("照原样保留"), "quiet"),
        )
        for sheet in read.sheets
        for letters, heading, field in sheet.columns
    )
    return Tables(_("表头是这样理解的"), Table(heads, lines))


def _filed(by: str, year: int | None) -> str:
    parts = [by, _("%(year)d 年") % {"year": year} if year else ""]
    return " ".join(part for part in parts if part)


def _left_out(read: LedgerRead) -> list[Tables]:
    """Lines that are no problem: totals, notes, repeated headers."""
    lines = [
        row(Cell(sheet.name), Cell(number, "number"), _(doubts.LINES.get(kind, kind)))
        for sheet in read.sheets
        for number, kind in sheet.lines.items()
    ]
    if not lines:
        return []
    heads = columns(_("工作表"), Column(_("行"), number=True), _("当作"))
    return [Tables(_("没有当作问题的行"), Table(heads, tuple(lines[:_MOST_DOUBTS])))]


def sentence(doubt: Doubt) -> str:
    """A doubt in the reader's language."""
    return _(doubts.SENTENCES[doubt.code]) % dict(doubt.params)


def file_name() -> str:
    """What an export is called."""
    return f"整改台账{clock.today():%Y%m%d}.xlsx"
