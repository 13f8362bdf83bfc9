"""Panels, and the few kinds of page that are lists of panels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal
from zlib import crc32

from django.forms import BoundField, Form

from bihuan.ui.table import Cell, Table, Tag, Tone


@dataclass(frozen=True)
class Link:
    """A way to another page; `primary` for the one thing most people came to do.

    `download` is the name under which the browser keeps what the link holds, instead of showing it.
    """

    label: str
    href: str
    primary: bool = False
    download: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and values, side by side."""

    title: str
    items: tuple[tuple[str, Cell], ...]

    template: ClassVar[str] = "ui/parts/facts.html"


@dataclass(frozen=True)
class Tables:
    """A table under a heading, with a sentence that says how to read it."""

    title: str
    table: "Table | Choosing"
    intro: str = ""

    template: ClassVar[str] = "ui/parts/tables.html"


@dataclass(frozen=True)
class Prose:
    """A text that somebody wrote, kept as written."""

    title: str
    text: str

    template: ClassVar[str] = "ui/parts/prose.html"


@dataclass(frozen=True)
class Moment:
    """One line of a history: when, who, what, and what they said."""

    at: datetime
    who: str
    what: str
    note: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Timeline:
    """经过：一件事从头到现在的每一步，取自审计记录。"""

    title: str
    moments: tuple[Moment, ...]

    template: ClassVar[str] = "ui/parts/timeline.html"


Fields = list[tuple[BoundField, bool]]  # each with whether it is marked as one that may stay empty


def _own_ids(form: Form, *words: str) -> None:
    """Give the fields of a form ids of their own: a page may hold many forms, and two that ask
    for a day would else share one id, so that the label of one leads to the other."""
    form.auto_id = f"f{crc32(' '.join(words).encode()):08x}_%s"


@dataclass(frozen=True)
class FormPanel:
    """A form that does one verb. Folded until asked for, unless it came back with faults."""

    title: str
    form: Form
    action: str
    submit: str
    intro: str = ""
    tone: Tone = "plain"
    folded: bool = False
    method: Literal["post", "get"] = "post"

    template: ClassVar[str] = "ui/parts/form.html"

    def __post_init__(self) -> None:
        _own_ids(self.form, self.action, self.title)

    @property
    def fields(self) -> Fields:
        marks = self.method == "post"  # a question may always be left open
        return [(f, marks and not f.field.required) for f in self.form.visible_fields()]

    @property
    def open(self) -> bool:
        return not self.folded or (self.form.is_bound and bool(self.form.errors))

    @property
    def carries_files(self) -> bool:
        return self.form.is_multipart()


@dataclass(frozen=True)
class GridCell:
    """One cell of a grid: a field to fill in, or a value that cannot be changed here (but may lead
    to where it can)."""

    label: str
    field: BoundField | None = None
    value: str = ""
    href: str = ""
    lead: str = ""  # signs before a link that draw a tree: seen, not read out


@dataclass(frozen=True)
class Grid:
    """填表：一张表，每格一个输入框，表下是其余各项；窄屏上每行变成一张卡片。

    `form` is the form of all cells; fields of it that stand in no line are shown below the table.
    """

    title: str
    form: Form
    action: str
    submit: str
    heads: tuple[str, ...]
    lines: tuple[tuple[GridCell, ...], ...]
    intro: str = ""
    folded: bool = False

    template: ClassVar[str] = "ui/parts/grid.html"

    def __post_init__(self) -> None:
        _own_ids(self.form, self.action, self.title)

    @property
    def open(self) -> bool:
        return not self.folded or (self.form.is_bound and bool(self.form.errors))

    @property
    def below(self) -> Fields:
        """The visible fields that stand in no cell."""
        inside = {cell.field.name for line in self.lines for cell in line if cell.field}
        below = (f for f in self.form.visible_fields() if f.name not in inside)
        return [(f, not f.field.required) for f in below]


@dataclass(frozen=True)
class Choosing:
    """A table of which rows can be ticked, in one form with what to do with the ticked ones.

    It only asks (`get`): the page it leads to shows what would be done before anything is done.
    """

    table: Table
    form: Form
    action: str
    submit: str

    template: ClassVar[str] = "ui/parts/choosing.html"

    def __post_init__(self) -> None:
        _own_ids(self.form, self.action, self.submit)

    @property
    def fields(self) -> Fields:
        return [(field, False) for field in self.form.visible_fields()]


@dataclass(frozen=True)
class Station:
    """One station of the loop on the overview: a word, a number, where it leads."""

    label: str
    count: int
    href: str
    hint: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True)
class Loop:
    """闭环图：测量、疑点、问题、整改、核验、销号各有多少。"""

    title: str
    stations: tuple[Station, ...]

    template: ClassVar[str] = "ui/parts/loop.html"


@dataclass(frozen=True)
class Numbers:
    """A row of large figures, each with its unit in words."""

    title: str
    stations: tuple[Station, ...]

    template: ClassVar[str] = "ui/parts/numbers.html"


@dataclass(frozen=True)
class Progress:
    """How far something is: a bar, the same in words, and what is being done now.

    A `total` of 0 says that nobody knows how much there is to do.
    """

    title: str
    done: int
    total: int
    words: str
    note: str = ""

    template: ClassVar[str] = "ui/parts/progress.html"


@dataclass(frozen=True)
class DayBox:
    """One day of a month's sheet: its word says what the tone shows; `here` marks today."""

    day: date
    word: str = ""
    tone: Tone = "plain"
    here: bool = False


@dataclass(frozen=True)
class Month:
    """One month as weeks of seven boxes; None where the week reaches into another month."""

    caption: str
    weeks: tuple[tuple[DayBox | None, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Months:
    """A calendar: some months side by side, each a table that stays one on a narrow screen.

    `weekdays` are the seven headings, short and long, in the order of the weeks.
    """

    title: str
    months: tuple[Month, ...]
    weekdays: tuple[tuple[str, str], ...]
    intro: str = ""

    template: ClassVar[str] = "ui/parts/months.html"


Panel = Any  # anything with a `template`; a protocol would only repeat that one word


@dataclass(frozen=True)
class ListPage:
    """A list: filters, one table, of which rows may be ticked."""

    title: str
    table: Table | Choosing
    intro: str = ""
    filters: FormPanel | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class DetailPage:
    """One thing: what it is (panels), what can be done with it (acts), what it belongs to."""

    title: str
    panels: Sequence[Panel]
    acts: Sequence[Panel] = ()
    tags: tuple[Tag, ...] = ()
    kicker: str = ""
    intro: str = ""
    links: tuple[Link, ...] = ()
    refresh_s: int = 0  # seconds after which the page shows by itself what is new; 0: never
    sheet: bool = False  # printed small, so that it stays on one sheet of A4


@dataclass(frozen=True)
class FormPage:
    """One form on a page of its own."""

    title: str
    form: FormPanel
    intro: str = ""
    panels: Sequence[Panel] = ()
    faults: tuple[str, ...] = ()
