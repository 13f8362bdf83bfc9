"""A workbook before it is let in: what was understood, every doubt, what would change."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.base.text import shorten, zh
from bihuan.exchange.words import Deadline
from bihuan.exchange.workbook import Doubt, LedgerRead, Row, SheetRead
from bihuan.ledger import rules
from bihuan.ledger.forms.intake import AnswerForm, TemplateForm, WorkbookForm
from bihuan.ledger.models import Intake
from bihuan.ledger.queries.comparing import Line
from bihuan.ledger.rules import doubts
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Grid,
    GridCell,
    Link,
    Numbers,
    Panel,
    Station,
    Tables,
)
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, Tone, columns, row
from bihuan.ui.table import Row as TableRow

PAGE = 20  # rows of the workbook on one page, with everything in them
_MOST_LINES = 200  # doubts about the file, left-out lines
_KINDS: dict[str, tuple[str, Tone]] = {
    "new": (zh("新"), "info"),
    "update": (zh("更新"), "warn"),
    "same": (zh("不变"), "quiet"),
}
_STATES: dict[str, Tone] = {"confirmed": "good", "preview": "warn"}


def upload(form: WorkbookForm, earlier: Sequence[Intake]) -> FormPage:
    """Choose a workbook; earlier ones below."""
    panel = FormPanel("", form, reverse("ledger:intakes"), _("读一读"))
    heads = columns(_("时间"), Column(_("文件"), wide=True), _("状态"), _("经办"))
    lines = tuple(
        row(
            Cell(one.created_at, "moment"),
            Cell(one.version.name, href=one.get_absolute_url(), note=outcome(one)),
            _state(one),
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


def exporting(form: TemplateForm, asked: Mapping[str, str], n: int) -> FormPage:
    """Export into the office's own workbook; what the list shows is what is written."""
    here = f"{reverse('ledger:export-into')}?{urlencode(asked)}"
    count = ngettext("将写入 %(n)d 个问题。", "将写入 %(n)d 个问题。", n) % {"n": n}
    return FormPage(
        _("写入本单位的台账"),
        FormPanel("", form, here, _("写好下载")),
        count + _("照您这份文件的格式写，表头、列宽、公式、合计和别的工作表都不动。"),
    )


def preview(
    intake: Intake,
    read: LedgerRead,
    lines: Sequence[Line],
    form: AnswerForm,
    number: int,
    *,
    only: str,
) -> DetailPage:
    """Everything that was understood and every doubt, all at once."""
    panels: list[Panel] = [
        _numbers(intake, lines, read),
        *_questions(intake, read, form),
        *_confirming(intake, lines),
        *_file_doubts(read),
        _rows(intake, lines, number, only),
        *_columns(read),
        *_left_out(read),
        _dropping(intake),
    ]
    return DetailPage(
        intake.version.name,
        panels,
        (),
        (_state(intake),),
        kicker=_("导入台账"),
        intro=_("下面是读懂的内容和全部疑问；确认之前台账不变，原文永远保留。"),
        links=(Link(_("返回"), reverse("ledger:intakes")),),
    )


def finished(intake: Intake, imported: Page) -> DetailPage:  # type: ignore[type-arg]  # no parameter at run time
    """An intake that was confirmed or dropped: what came of it, row by row."""
    heads = columns(_("原表位置"), _("编号"), Column(_("问题"), wide=True), _("状态"))
    lines = tuple(
        row(
            Cell(f"{shorten(one.sheet, 20)} {one.number}", "code"),
            Cell(one.finding.number, "code", href=one.finding.get_absolute_url()),
            one.finding.title,
            _(rules.STATES[one.finding.state]),
        )
        for one in imported
    )
    here = intake.get_absolute_url()
    table = Table(heads, lines, pager=_pager(imported, here, {}))
    return DetailPage(
        intake.version.name,
        [Tables(_("写入的问题"), table)] if lines else [],
        (),
        (_state(intake),),
        kicker=_("导入台账"),
        intro=outcome(intake) or _("这次导入已放弃，台账没有改动；原件仍保留。"),
        links=(Link(_("返回"), reverse("ledger:intakes")),),
    )


def outcome(intake: Intake) -> str:
    """What a confirmed intake did; "" before."""
    if not intake.outcome:
        return ""
    sentence = _(
        "新增 %(new)d 个（其中草稿 %(drafts)d 个），更新 %(updated)d 个，不变 %(same)d 个。"
    )
    return str(sentence % intake.outcome)


def _state(intake: Intake) -> Tag:
    return Tag(_(rules.INTAKE_STATES[intake.state]), _STATES.get(intake.state, "quiet"))


# What can be done ---------------------------------------------------------------------------------


def _confirming(intake: Intake, lines: Sequence[Line]) -> list[FormPanel]:
    if not lines:
        return []
    kinds = Counter(line.kind for line in lines)
    drafts = sum(line.kind == "new" and line.state == "draft" for line in lines)
    counts = {**{kind: kinds[kind] for kind in _KINDS}, "drafts": drafts}
    return [
        FormPanel(
            _("确认导入"),
            Form(),
            reverse("ledger:intake-confirm", args=[intake.pk]),
            _("确认导入"),
            _(
                "新增 %(new)d 个（其中草稿 %(drafts)d 个），更新 %(update)d 个，不变 %(same)d 个。"
                "要么全部写入，要么一行不写。"
            )
            % counts,
        )
    ]


def _dropping(intake: Intake) -> FormPanel:
    return FormPanel(
        _("放弃"),
        Form(),
        reverse("ledger:intake-drop", args=[intake.pk]),
        _("放弃这次导入"),
        tone="bad",
        folded=True,
    )


def _questions(intake: Intake, read: LedgerRead, form: AnswerForm) -> list[Panel]:
    """Units that were not found, each with a choice; the year, where dates lack one."""
    action = reverse("ledger:intake-answer", args=[intake.pk])
    if not form.strangers:
        wanting = any(doubt.code == "date_no_year" for doubt in read.doubts)
        told = any(doubt.code == "year_inferred" for doubt in read.doubts)
        if not wanting and not told and intake.year is None and not form.is_bound:
            return []
        return [FormPanel(_("填报年度"), form, action, _("记下，再读一遍"), folded=not wanting)]
    heads = [_("写的名称"), _("写在哪里"), _("是哪个单位")]
    if form.may_remember:
        heads.append(_("记为别名，以后不再问"))
    lines = []
    for number, stranger in enumerate(form.strangers):
        where = "，".join(stranger.places)
        if stranger.count > len(stranger.places):
            where = _("%(where)s 等 %(n)d 处") % {"where": where, "n": stranger.count}
        cells = [
            GridCell(heads[0], value=stranger.name),
            GridCell(heads[1], value=where),
            GridCell(heads[2], form[f"unit-{number}"]),
        ]
        if form.may_remember:
            cells.append(GridCell(heads[3], form[f"alias-{number}"]))
        lines.append(tuple(cells))
    intro = _("名册里没有这些名称，请指明；拿不准的留空，只写了它的几行先存为草稿。")
    if form.left:
        intro += _("另有 %(n)d 个名称，记下这些后再问。") % {"n": form.left}
    return [
        Grid(
            _("没有认出的单位"),
            form,
            action,
            _("记下，再读一遍"),
            tuple(heads),
            tuple(lines),
            intro,
        )
    ]


# What was read ------------------------------------------------------------------------------------


def _numbers(intake: Intake, lines: Sequence[Line], read: LedgerRead) -> Numbers:
    here = reverse("ledger:intake", args=[intake.pk])
    kinds = Counter(line.kind for line in lines)
    return Numbers(
        _("读到的"),
        (
            Station(_("问题"), len(lines), here),
            Station(_("措施"), sum(len(line.row.measures) for line in lines), here),
            Station(_("新增"), kinds["new"], f"{here}?only=new"),
            Station(_("更新"), kinds["update"], f"{here}?only=update"),
            Station(_("疑问"), len(read.doubts), f"{here}?only=doubts", tone="warn"),
            Station(_("提示"), sum(len(line.told) for line in lines), f"{here}?only=told"),
        ),
    )


def _file_doubts(read: LedgerRead) -> list[Tables]:
    """Doubts about the whole file or a sheet."""
    if not read.file_doubts:
        return []
    heads = columns(_("位置"), Column(_("疑问"), wide=True))
    lines = tuple(
        row(Cell(d.at, "code"), sentence(d), tone="bad" if d.grave else "warn")
        for d in read.file_doubts[:_MOST_LINES]
    )
    return [Tables(_("对整份文件的疑问"), Table(heads, lines))]


_ONLY: dict[str, Callable[[Line], bool]] = {
    "new": lambda line: line.kind == "new",
    "update": lambda line: line.kind == "update",
    "doubts": lambda line: bool(line.row.doubts),
    "told": lambda line: bool(line.told),
}


def _rows(intake: Intake, lines: Sequence[Line], number: int, only: str) -> Tables:
    here = reverse("ledger:intake", args=[intake.pk])
    titles = {
        "new": _("逐行：新增的"),
        "update": _("逐行：更新的"),
        "doubts": _("逐行：有疑问的"),
        "told": _("逐行：有提示的"),
    }
    keep = _ONLY.get(only)
    paginator = Paginator([line for line in lines if keep is None or keep(line)], PAGE)
    shown = paginator.get_page(number)
    heads = columns(
        _("行"),
        Column(_("问题"), wide=True),
        Column(_("谁、何时"), wide=True),
        Column(_("措施和其余各栏"), wide=True),
        Column(_("疑问与提示"), wide=True),
    )
    pager = _pager(shown, here, {"only": only} if keep else {})
    return Tables(titles.get(only, _("逐行")), Table(heads, tuple(map(_line, shown)), pager=pager))


def _pager(shown: Page, here: str, kept: dict[str, str]) -> Pager:  # type: ignore[type-arg]  # as above
    def address(number: int) -> str:
        return f"{here}?{urlencode({**kept, 'page': number})}"

    return Pager(
        shown.number,
        shown.paginator.num_pages,
        shown.paginator.count,
        address(shown.previous_page_number()) if shown.has_previous() else "",
        address(shown.next_page_number()) if shown.has_next() else "",
    )


def _line(line: Line) -> TableRow:
    found, (name, tone) = line.row, _KINDS[line.kind]
    told = [
        *map(sentence, found.doubts),
        *line.told,
        *(_change(field, pair) for field, pair in line.changes.items()),
    ]
    grave = any(doubt.grave for doubt in found.doubts)
    where = str(found.row) if found.last == found.row else f"{found.row}–{found.last}"
    finding = line.finding
    return row(
        Cell(f"{shorten(found.sheet, 12)} {where}", "code", note=_(name)),
        Cell(
            found.problem,
            href=finding.get_absolute_url() if finding else "",
            note=finding.number if finding else found.number,
        ),
        "\n".join(_who_and_when(line)),
        "\n".join(_the_rest(found)),
        "\n".join(f"· {one}" for one in told),
        tone="bad" if grave else "warn" if found.doubts else tone if tone == "quiet" else "plain",
    )


def _who_and_when(line: Line) -> Iterator[str]:
    found = line.row
    units = (("lead_units", found.lead_units), ("assist_units", found.assist_units))
    for field, several in units:
        if several:
            names = _("、").join(
                unit.name if unit.code else _("%(name)s（没有认出）") % {"name": unit.name}
                for unit in several
            )
            yield _labelled(field, names)
    for field in ("leader", "owner"):
        if text := getattr(found, field):
            yield _labelled(field, text)
    for field in ("assigned_on", "due", "requested_on", "closed_on"):
        if text := _when(getattr(found, field)):
            yield _labelled(field, text)
    if found.due.day is None and line.due:
        yield _("按规则表计到 %(day)s") % {"day": clock.in_words(line.due)}


def _when(found: Deadline) -> str:
    """What a date was understood as, with the original words where they say it otherwise."""
    if found.kind == "none" and not found.text:
        return ""
    meant = _(doubts.DEADLINE_KINDS[found.kind])
    if found.day is not None:
        day = clock.in_words(found.day)
        meant = day if found.kind in ("date", "period_end") else f"{meant} {day}"
    if found.text in (meant, _iso(found.day)):
        return meant
    return _("%(meant)s（原文“%(text)s”）") % {"meant": meant, "text": shorten(found.text, 60)}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _the_rest(found: Row) -> Iterator[str]:
    """Every other field that was understood, and the columns that are kept as they are."""
    kind = _(rules.RECT_KINDS[found.rect_kind]) if found.rect_kind else ""
    state = _(rules.STATES[found.state]) if found.state in rules.STATES else found.state_text
    if found.measures:
        yield _labelled("measures", _several([measure.text for measure in found.measures]))
    for field, text in (
        ("rect_kind", kind),
        ("progress", _several(found.progress)),
        ("state", state),
        *((name, str(getattr(found, name))) for name in _TEXTS),
    ):
        if text:
            yield _labelled(field, text)
    for heading, text in found.extra.items():
        yield _("%(heading)s（照原样保留）：%(text)s") % {"heading": heading, "text": text}


_TEXTS = (
    *("order", "source", "source_number", "category", "goal", "evidence"),
    *("verifier", "opinion", "recheck", "place", "note"),
)


def _several(texts: Iterable[str]) -> str:
    """One text as it is; several each on a line of its own, numbered."""
    lines = list(texts)
    if len(lines) < 2:
        return "".join(lines)
    return "\n".join(["", *(f"{number}. {text}" for number, text in enumerate(lines, start=1))])


def _labelled(field: str, text: str) -> str:
    return _("%(field)s：%(text)s") % {"field": _(doubts.FIELDS[field]), "text": text}


def _change(field: str, pair: tuple[str, str]) -> str:
    name = _(doubts.FIELDS[field])
    if not pair[0]:
        return _("%(field)s：增加“%(new)s”") % {"field": name, "new": shorten(pair[1], 60)}
    return _("%(field)s：“%(old)s”改为“%(new)s”") % {
        "field": name,
        "old": shorten(pair[0], 40),
        "new": shorten(pair[1], 40),
    }


def _columns(read: LedgerRead) -> Iterator[Facts]:
    """Which column was understood as what, sheet by sheet."""
    for sheet in read.sheets:
        about = {"sheet": sheet.name, "row": sheet.header_row, "filed": _filed(sheet)}
        title = _("“%(sheet)s”的表头（第 %(row)d 行）是这样理解的") % about
        if about["filed"]:
            title = _("“%(sheet)s”的表头（第 %(row)d 行，%(filed)s）是这样理解的") % about
        kept = Tag(_("照原样保留"), "quiet")
        items = tuple(
            (
                f"{letters} {heading}",
                Cell(_(doubts.FIELDS[field])) if field else Cell(kept, "tag"),
            )
            for letters, heading, field in sheet.columns
        )
        yield Facts(title, items)


def _filed(sheet: SheetRead) -> str:
    parts = [sheet.filed_by, _("%(year)d 年") % {"year": sheet.year} if sheet.year else ""]
    return " ".join(part for part in parts if part)


def _left_out(read: LedgerRead) -> list[Tables]:
    """Texts that stand in no problem: titles, totals, notes, repeated headers, other sheets."""
    if not read.outside:
        return []
    heads = columns(_("位置"), _("当作"), Column(_("原文"), wide=True))
    lines = []
    for one in read.outside[:_MOST_LINES]:
        text = "　".join(" ".join(cell.text.split()) for cell in one.cells)
        name = _(doubts.LINES[one.kind]) if one.kind else _("表头和表外的文字")
        where = Cell(f"{shorten(one.sheet, 20)} {one.row}", "code")
        lines.append(row(where, name, shorten(text, 200)))
    return [Tables(_("没有当作问题的行"), Table(heads, tuple(lines)))]


def sentence(doubt: Doubt) -> str:
    """A doubt in the reader's language."""
    return str(_(doubts.SENTENCES[doubt.code]) % dict(doubt.params))


def file_name() -> str:
    """What an export is called."""
    return f"整改台账{clock.today():%Y%m%d}.xlsx"
