"""The ledger as a list: one line for each finding, its lamp, and what the filters say."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.ledger import queries, rules
from bihuan.ledger.forms import ListingForm
from bihuan.ledger.forms.raising import RaisingForm
from bihuan.ledger.forms.reading import ChooseForm, bulk_steps
from bihuan.ledger.models import Finding
from bihuan.ledger.rules.tables import Row as RuleRow
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import Choosing, FormPage, FormPanel, Link, ListPage, Tables
from bihuan.ui.table import Cell, Column, Pager, Row, Table, Tag, Tone, columns, row

PAGE = 50

TONES: dict[str, Tone] = {
    "draft": "quiet",
    "assigned": "info",
    "acknowledged": "info",
    "rectifying": "info",
    "requested": "warn",
    "checking": "warn",
    "closed": "good",
    "long_term": "plain",
    "void": "quiet",
}


def state_tag(finding: Finding) -> Tag:
    """The state in words."""
    return Tag(_(rules.STATES[finding.state]), TONES[finding.state])


def lamp_tag(lamp: RuleRow | None) -> Tag | None:
    """A lamp in words and colour."""
    return Tag(queries.label(lamp), lamp["tone"]) if lamp is not None else None


def due_words(finding: Finding) -> str:
    """逾期几天、还有几天，或无。"""
    if finding.due is None or finding.state not in rules.OPEN:
        return ""
    today = clock.today()
    left = rules.days_left(finding.due, today)
    if rules.is_overdue(finding.state, finding.due, today, finding.requested_on):
        if finding.state in rules.WITH_CHECKER:
            return _("逾期申请")
        return ngettext("逾期 %(n)d 天", "逾期 %(n)d 天", -left) % {"n": -left}
    if finding.state in rules.WITH_UNIT:
        return ngettext("还有 %(n)d 天", "还有 %(n)d 天", left) % {"n": left}
    return ""


def table(
    found: Sequence[Finding],
    pager: Pager | None = None,
    empty: str = "",
    *,
    choosing: bool = False,
    doing: Callable[[Finding], Cell] | None = None,
) -> Table:
    """Findings as rows; `choosing` puts a box to tick before each, `doing` the next step after."""
    heads = columns(
        _("编号"), Column(_("问题"), wide=True), _("牵头单位"), _("完成时限"), _("状态"), _("亮灯")
    )
    lamps = queries.lamps(found)
    lines = tuple(_line(finding, lamps[finding.pk]) for finding in found)
    if choosing:
        heads = (Column(_("选")), *heads)
        boxes = [_box(finding) for finding in found]
        lines = tuple(
            Row((box, *line.cells), line.tone) for box, line in zip(boxes, lines, strict=True)
        )
    if doing is not None:
        heads = (*heads, Column(_("下一步")))
        lines = tuple(
            Row((*line.cells, doing(finding)), line.tone)
            for finding, line in zip(found, lines, strict=True)
        )
    return Table(heads, lines, empty=empty, pager=pager)


def _box(finding: Finding) -> Cell:
    return Cell(finding.pk, "choice", note=_("选 %(number)s") % {"number": finding.number})


def _line(finding: Finding, lamp: RuleRow | None) -> Row:
    tag = lamp_tag(lamp)
    extended = finding.first_due is not None and finding.due != finding.first_due
    notes = [due_words(finding)]
    if finding.first_due and extended:
        notes.append(_("最初时限 %(day)s") % {"day": clock.in_words(finding.first_due)})
    if finding.provisional:
        notes.append(_("暂定"))
    return row(
        Cell(finding.number, "code", href=finding.get_absolute_url()),
        Cell(finding.title, href=finding.get_absolute_url(), note=finding.place),
        finding.lead_unit.label() if finding.lead_unit else "",
        Cell(finding.due, "date", note=_("；").join(note for note in notes if note)),
        state_tag(finding),
        tag or "",
        tone=tag.tone if tag and tag.tone in ("bad", "warn") else "plain",
    )


class QuickPaginator(Paginator):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """Pages of a long list: first the keys, which an index answers, then the rows of one page.

    `at_once` reads all the keys in one go, where finding them is what takes time (text).
    """

    def __init__(self, found: QuerySet[Any], per_page: int, *, at_once: bool = False) -> None:
        super().__init__(found, per_page)
        self.found = found
        keys = found.select_related(None).values_list("pk", flat=True)
        self.keys: QuerySet[Any, Any] | list[Any] = list(keys) if at_once else keys

    @cached_property
    def count(self) -> int:
        if isinstance(self.keys, list):
            return len(self.keys)
        return queries.quick_count(self.found)

    def page(self, number: int | str) -> Page:  # type: ignore[type-arg]  # as above
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self.keys[first : first + self.per_page])
        rows = {row.pk: row for row in self.found.order_by().filter(pk__in=keys)}
        return Page([rows[key] for key in keys if key in rows], number, self)


def index(found: QuerySet[Finding], form: ListingForm, number: str, by: Post) -> ListPage:
    """The ledger as the filters say; where something can be done with many, rows can be ticked."""
    here, asked = reverse("ledger:index"), form.address()
    shown = QuickPaginator(found, PAGE, at_once="text" in asked).get_page(number)
    below = pager(shown, here, asked)
    return ListPage(
        _("整改台账"),
        choosing(list(shown), below, by, asked=asked, empty=_("没有符合条件的问题。")),
        filters=FormPanel("", form, here, _("筛选"), method="get"),
        links=tuple(_links(by, asked)),
    )


def choosing(
    found: Sequence[Finding],
    below: Pager,
    by: Post,
    *,
    asked: Mapping[str, str] | None = None,
    steps: Sequence[str] | None = None,
    empty: str = "",
    doing: Callable[[Finding], Cell] | None = None,
) -> Choosing | Table:
    """Findings to tick, with the bulk acts of this post (or those of `steps` among them)."""
    may = [step for step in bulk_steps(by) if steps is None or step in steps]
    if not may:
        return table(found, below, empty, doing=doing)
    filters = {name: value for name, value in (asked or {}).items() if name != "sort"}
    return Choosing(
        table(found, below, empty, choosing=True, doing=doing),
        ChooseForm(may, filters, below.total),
        reverse("ledger:bulk"),
        _("先看会怎样"),
    )


def _links(by: Post, asked: Mapping[str, str]) -> list[Link]:
    """What a ledger is for; each keeps the filters of the page where it can."""
    today = clock.today()
    links = [
        ("ledger.raise", Link(_("提出问题"), reverse("ledger:raise"), primary=True)),
        ("ledger.view", Link(_("我的工作"), reverse("ledger:mine"))),
        ("ledger.import", Link(_("导入"), reverse("ledger:intakes"))),
        ("ledger.view", Link(_("导出"), address(reverse("ledger:export"), asked))),
        ("ledger.view", Link(_("写入本单位的台账"), address(reverse("ledger:export-into"), asked))),
        ("ledger.view", Link(_("统计"), address(reverse("ledger:statistics"), asked))),
        (
            "ledger.view",
            Link(_("月度通报"), reverse("ledger:bulletin", args=[today.year, today.month])),
        ),
        ("ledger.view", Link(_("领导一页"), reverse("ledger:leader"))),
        ("ledger.view", Link(_("催办"), reverse("ledger:notices"))),
        ("ledger.view", Link(_("回头看抽样"), reverse("ledger:samples"))),
        ("ledger.view", Link(_("规则表"), reverse("ledger:tables"))),
    ]
    return [link for verb, link in links if people.may(by, verb)]


def pager(shown: Page, here: str, asked: Mapping[str, str]) -> Pager:  # type: ignore[type-arg]  # as above
    """Where we are, and the neighbours under the same filter."""
    return Pager(
        shown.number,
        shown.paginator.num_pages,
        shown.paginator.count,
        address(here, {**asked, "page": str(shown.previous_page_number())})
        if shown.has_previous()
        else "",
        address(here, {**asked, "page": str(shown.next_page_number())}) if shown.has_next() else "",
    )


def address(here: str, asked: Mapping[str, str]) -> str:
    """A page under a filter, as an address that can be sent on."""
    return f"{here}?{urlencode(asked)}" if asked else here


def raising(form: RaisingForm) -> FormPage:
    """A form for a new finding; earlier ones that look like it are shown before it is stored."""
    panel = FormPanel("", form, reverse("ledger:raise"), _("存入台账"))  # type: ignore[arg-type]  # a ModelForm is a Form to a template
    return FormPage(
        _("提出问题"),
        panel,
        _("先存为草稿，领取编号；由谁整改、何时完成，在交办时定。"),
        panels=(alike_panel(form.alike),) if form.alike else (),
        faults=(_("还没有存入：疑似反复出现，请选照常提出还是与前一次相连。"),)
        if form.alike
        else (),
    )


def alike_panel(found: Sequence[queries.Alike]) -> Tables:
    """疑似反复出现的问题。"""
    heads = columns(
        _("编号"),
        Column(_("问题"), wide=True),
        _("牵头单位"),
        _("状态"),
        Column(_("文字相似"), number=True),
    )
    lines = tuple(
        row(
            Cell(one.finding.number, "code", href=one.finding.get_absolute_url()),
            Cell(one.finding.title, note=one.finding.place),
            one.finding.lead_unit.label() if one.finding.lead_unit else "",
            state_tag(one.finding),
            Cell(one.percent, "percent"),
        )
        for one in found
    )
    return Tables(
        _("疑似反复出现"),
        Table(heads, lines),
        _("同一地点或对象有过相似的问题。还在整改的，不要另立；销号后又出现的，与前一次相连。"),
    )
