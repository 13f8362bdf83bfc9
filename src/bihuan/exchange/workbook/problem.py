"""One problem of a ledger sheet: its fields as they were understood, and every doubt about them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any

from bihuan.exchange.words.deadline import NONE_WRITTEN, Deadline
from bihuan.exchange.words.listing import clean, said, split_items
from bihuan.exchange.words.units import Listed, Match, Named, Role, match, plain_name, split_units
from bihuan.exchange.workbook.doubt import Doubt, full_address
from bihuan.exchange.workbook.grid import Value, address, letters, shown
from bihuan.exchange.workbook.rows import Measure, Row
from bihuan.exchange.workbook.table import SEVERAL, Piece, Table, cells, short

_DATES = ("assigned_on", "requested_on", "closed_on")
_TEXTS = (
    *("order", "number", "source", "source_number", "category", "problem", "goal"),
    *("leader", "owner", "evidence", "verifier", "opinion", "recheck"),
    *("place", "note"),
)
_UNITS: tuple[tuple[str, Role], ...] = (("lead_units", "lead"), ("assist_units", "assist"))
_DITTO = frozenset({"同上", "〃", "″", "''", '"', "同前", "如上"})
_LONGEST_DITTO = 10  # with spaces around it
_PERSONS = re.compile(r"责任人|负责人|联系人|承办人|经办人")
_SAID: tuple[Role, ...] = ("lead", "assist")
# Close names are looked for a limited number of times: a file full of strangers must not be slow.
_MOST_OFFERS = 300

_RECT_KINDS = (
    ("immediate", re.compile(r"立[行即知查]|即知|当下改|马上")),
    ("long_term", re.compile(r"长期|持续|常态|长效|长久立")),
    ("dated", re.compile(r"限期|限时|近期|中期|短期|定期|阶段")),
)
_KIND_OF_DUE = {
    "immediate": "immediate",
    "standing": "long_term",
    "date": "dated",
    "period_end": "dated",
}
_STATES = (
    ("draft", re.compile(r"草拟|草稿")),
    ("assigned", re.compile(r"已交办|待签收")),
    ("acknowledged", re.compile(r"已签收")),
    ("requested", re.compile(r"申请销号|待销号|待验收")),
    ("checking", re.compile(r"核查中|验收中|核验中")),
    ("long_term", re.compile(r"长期坚持|持续整改|持续推进|长期|常态化.*")),
    (
        "rectifying",
        re.compile(
            r"(?:正在)?整改中|正在整改|未(?:完成|整改|销号|办结)(?:整改)?|(?:正在)?推进中?|进行中|否"
            r"|尚未.*|部分完成|基本完成|×|✗|n|no"
        ),
    ),
    ("closed", re.compile(r"已?销号|已核销|验收销号")),
    ("void", re.compile(r"已?作废|撤销")),
    (
        "finished",
        re.compile(
            r"已?(?:全部|按期)?(?:完成|整改|办结|落实)(?:整改|到位)?|整改(?:完成|到位|完毕)|是|√|✓|✔|y|yes|100%|1"
        ),
    ),
)


@dataclass
class Names:
    """The register, and what was made of each name so far: the same text is taken apart once."""

    register: Mapping[str, str]
    _listed: dict[str, Listed] = field(default_factory=dict)
    _matched: dict[str, Match] = field(default_factory=dict)
    _strangers: int = 0
    # What cells of units that ask no question were understood as.
    settled: dict[Any, tuple[tuple[Match, ...], tuple[Match, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.register = {plain_name(key): code for key, code in self.register.items()}

    def listed(self, text: str) -> Listed:
        """The units of a cell."""
        if text not in self._listed:
            self._listed[text] = split_units(text, self.register)
        return self._listed[text]

    def matched(self, name: str) -> Match:
        """A unit's code; close names are offered for the first few hundred strangers."""
        if name not in self._matched:
            offered = 3 if self._strangers < _MOST_OFFERS else 0
            (self._matched[name],) = match([name], self.register, offered=offered)
            self._strangers += self._matched[name].code is None
        return self._matched[name]


class Problem:
    """One problem: reads its fields and collects its doubts."""

    def __init__(
        self,
        page: Table,
        names: Names,
        first: int,
        last: int,
        section: str,
        before: dict[str, Value],
    ) -> None:
        self.page, self.names, self.first, self.last = page, names, first, last
        self.section, self.before = section, before
        self.lines = [at for at in range(first, last + 1) if at not in page.lines]
        # Most problems are one line without merged cells: that line, read without detours.
        single = len(self.lines) == 1 and not page.merged
        self.plain_line = page.sheet.rows[first] if single else None
        self.doubts: list[Doubt] = []
        self.persons: list[str] = []  # found among the units

    def _doubt(
        self, code: str, piece: Piece | None = None, *, grave: bool = False, **params: str
    ) -> None:
        sheet = self.page.sheet.name
        cell = address(piece.row, piece.column) if piece else address(self.first, 0)
        if piece:
            params.setdefault("heading", piece.heading)
        params["cell"] = full_address(sheet, cell)
        self.doubts.append(Doubt(code, params, sheet, cell, self.first + 1, grave))

    def _gap(self, *names: str) -> Piece | None:
        """The empty cell where one of these fields ought to stand in the first line."""
        for name in names:
            for column in self.page.columns.get(name, ()):
                return Piece(self.first, column.at, "", column.heading)
        return None

    def _pieces(self, name: str) -> list[Piece]:
        """The cells of a field; 同上 takes the value of the problem above and says so."""
        columns = self.page.columns.get(name)
        if not columns:
            return []
        found: list[Piece] = []
        if self.plain_line is not None and len(columns) == 1:
            value = self.plain_line[columns[0].at]
            if value != "":
                found = [Piece(self.first, columns[0].at, value, columns[0].heading)]
        else:
            found = self.page.pieces(name, self.lines)
        if not found:
            self.before.pop(name, None)
            return found
        for number, piece in enumerate(found):
            value = piece.value
            if isinstance(value, str) and len(value) < _LONGEST_DITTO and value.strip() in _DITTO:
                above = self.before.get(name)
                code = "ditto" if above is not None else "ditto_nothing"
                self._doubt(code, piece, grave=above is None, found=short(shown(above or "")))
                if above is not None:
                    found[number] = piece._replace(value=above)
        self.before[name] = found[-1].value
        return found

    def row(self) -> Row:
        """The problem with all that was understood of it."""
        texts: dict[str, Any] = {name: self._text(name) for name in _TEXTS}
        if not texts["category"] and self.section:
            texts["category"] = self.section
        dates: dict[str, Any] = {name: self._date(name) for name in _DATES}
        due, own = self._due()
        state, state_text = self._state(due)
        lead, assist = self._units()
        texts["owner"] = "、".join(filter(None, [texts["owner"], *self.persons]))
        measures, progress = self._measures(own), self._progress()
        rect_kind = self._rect_kind(due)
        extra = self._extra()
        self._whole(texts["problem"], due, dates["assigned_on"])
        return Row(
            sheet=self.page.sheet.name,
            row=self.first + 1,
            last=self.last + 1,
            measures=measures,
            lead_units=lead,
            assist_units=assist,
            due=due,
            rect_kind=rect_kind,
            progress=progress,
            state=state,
            state_text=state_text,
            extra=extra,
            doubts=tuple(self.doubts),
            original=partial(cells, self.page.sheet, self.lines, self.page.by_place),
            **texts,
            **dates,
        )

    def _text(self, name: str) -> str:
        columns = self.page.columns.get(name)
        if not columns:
            return ""
        if self.plain_line is not None and len(columns) == 1:
            value = self.plain_line[columns[0].at]
            if value == "":
                self.before.pop(name, None)
                return ""
            if isinstance(value, str) and len(value) >= _LONGEST_DITTO:
                self.before[name] = value
                return clean(value)
        pieces = self._pieces(name)
        if not pieces:
            return ""
        if len(pieces) == 1:
            return said(shown(pieces[0].value))
        texts = list(dict.fromkeys(said(shown(piece.value)) for piece in pieces))
        if len(texts) > 1 and name not in SEVERAL and name not in ("order", "problem"):
            self._doubt("differs", pieces[-1])
        return "\n".join(filter(None, texts))

    def _date(self, name: str) -> Deadline:
        pieces = self._pieces(name)
        if not pieces:
            return NONE_WRITTEN
        found = self.page.date(pieces[-1].value)
        if found.kind not in ("date", "none") or found.reason:
            self._dated(found.reason or "no_day", piece=pieces[-1], found=found)
        elif found.year_inferred and found.day:
            self._inferred(pieces[-1], found)
        return found

    def _dated(self, reason: str, piece: Piece, found: Deadline) -> None:
        """What about a date somebody should look at."""
        day = found.day.isoformat() if found.day else ""
        if reason == "more_written" and not day:
            reason = "more_words"
        grave = found.kind in ("unreadable", "none")
        self._doubt(f"date_{reason}", piece, grave=grave, found=short(found.text), day=day)

    def _inferred(self, piece: Piece, found: Deadline) -> None:
        day = found.day.isoformat() if found.day else ""
        self._doubt("year_inferred", piece, found=short(found.text), day=day)

    def _due(self) -> tuple[Deadline, dict[int, Deadline]]:
        """The problem's deadline, and those that belong to single rows of it."""
        pieces = self._pieces("due")
        if not pieces:
            return NONE_WRITTEN, {}
        read = [(piece, self.page.date(piece.value)) for piece in pieces]
        for piece, found in read:
            self._doubt_deadline(piece, found)
        if len({(found.kind, found.day) for _piece, found in read}) > 1:
            self._doubt("several_deadlines", pieces[-1])
        # 取最晚的一个；没有日期时取第一个读得懂的。
        dated = [found for _piece, found in read if found.day is not None]
        readable = [found for _piece, found in read if found.kind != "unreadable"]
        latest = max(dated, key=lambda found: found.day or date.min, default=None)
        chosen = latest or (readable or [read[0][1]])[0]
        own = {piece.row: found for piece, found in read} if len(self.lines) > 1 else {}
        return chosen, own if len(own) > 1 else {}

    def _doubt_deadline(self, piece: Piece, found: Deadline) -> None:
        filed = self.page.above.filed_on.day
        early = bool(found.year_inferred and found.day and filed and found.day < filed)
        if early and filed:
            self._doubt(
                "before_filed", piece, found=short(found.text), filed=filed.isoformat(), grave=True
            )
        if found.reason:
            self._dated(found.reason, piece, found)
        elif found.year_inferred and not early:
            self._inferred(piece, found)

    def _measures(self, own: Mapping[int, Deadline]) -> tuple[Measure, ...]:
        found = []
        for piece in self._pieces("measures"):
            due = own.get(piece.row, NONE_WRITTEN)
            texts = split_items(said(shown(piece.value)))
            found += [Measure(text, piece.row + 1, due) for text in texts]
        return tuple(found)

    def _progress(self) -> tuple[str, ...]:
        """Entries in order; with several columns each entry says under which heading it stood."""
        several = len(self.page.columns.get("progress", ())) > 1
        found: list[str] = []
        for piece in self._pieces("progress"):
            entries = split_items(said(shown(piece.value)))
            found += [f"{piece.heading}：{one}" for one in entries] if several else entries
        return tuple(found)

    def _units(self) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
        """Lead and assisting units; a unit without a said role leads where nobody else does."""
        pieces = {name: self._pieces(name) for name in ("lead_units", "assist_units", "units")}
        key = tuple(
            (name, piece.column, shown(piece.value))
            for name, several in pieces.items()
            for piece in several
        )
        if key in self.names.settled:
            return self.names.settled[key]
        before = len(self.doubts)
        found = self._told_apart(pieces)
        if len(self.doubts) == before and not self.persons:
            self.names.settled[key] = found  # nothing to ask: the same cells say the same again
        return found

    def _told_apart(
        self, pieces: Mapping[str, Sequence[Piece]]
    ) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
        by_role: dict[Role, dict[str, Match]] = {"lead": {}, "assist": {}, "": {}}
        unsaid: Piece | None = None
        leads: Piece | None = None
        for name, standing in (*_UNITS, ("units", "")):
            for piece in pieces[name]:
                listed = self.names.listed(shown(piece.value))
                if listed.more:
                    self._doubt("units_more", piece, found=short(shown(piece.value)))
                for named in self._without_persons(piece, listed):
                    role: Role = named.role or standing
                    by_role[role][named.name] = self._matched(piece, named.name)
                    unsaid = unsaid if role else piece
                    leads = piece if role != "assist" else leads
        if by_role["lead"]:
            said = {one.code or one.name for role in _SAID for one in by_role[role].values()}
            left = {key: one for key, one in by_role[""].items() if (one.code or key) not in said}
            if left and unsaid:
                self._doubt("role_unsaid", unsaid, found="、".join(left))
            by_role["assist"] |= left
        else:
            by_role["lead"] = by_role[""]
        lead = _distinct(by_role["lead"].values())
        if len(lead) > 1 and leads:
            self._doubt(
                "several_leads", leads, grave=True, found="、".join(one.name for one in lead)
            )
        if not lead:
            self._doubt("no_lead", self._gap("lead_units", "units"), grave=True)
        known = {one.code or one.name for one in lead}
        assist = _distinct(by_role["assist"].values())
        return lead, tuple(one for one in assist if (one.code or one.name) not in known)

    def _without_persons(self, piece: Piece, listed: Listed) -> list[Named]:
        """责任单位及责任人: a strange name beside one that the register knows is a person."""
        if not _PERSONS.search(piece.heading):
            return list(listed.names)
        known = [one for one in listed.names if self.names.matched(one.name).code]
        persons = [one.name for one in listed.names if one not in known]
        if not known or not persons:
            return list(listed.names)
        self.persons += persons
        self._doubt("unit_person", piece, found=short("、".join(persons)))
        return known

    def _matched(self, piece: Piece, name: str) -> Match:
        found = self.names.matched(name)
        if found.code is None:
            code = "unit_close" if found.close else "unit_unknown"
            self._doubt(code, piece, grave=True, found=short(name), close="、".join(found.close))
        return found

    def _rect_kind(self, due: Deadline) -> str:
        pieces = self._pieces("rect_kind")
        by_due = _KIND_OF_DUE.get(due.kind, "")
        if not pieces:
            return by_due
        text = shown(pieces[-1].value)
        kinds = _kinds(text)
        if len(kinds) != 1:
            self._doubt("kind_unknown", pieces[-1], found=short(text))
            return kinds[0] if kinds else by_due
        if by_due in ("immediate", "long_term") and by_due != kinds[0]:
            self._doubt("kind_differs", pieces[-1], found=short(text), due=short(due.text))
        return kinds[0]

    def _state(self, due: Deadline) -> tuple[str, str]:
        pieces = self._pieces("state")
        if not pieces:
            done = due.kind == "done"
            return ("finished" if done else ""), ""
        text = clean(shown(pieces[-1].value))
        if state := _state_of(text):
            return state, text
        self._doubt("state_unknown", pieces[-1], found=short(text))
        return "", text

    def _extra(self) -> dict[str, str]:
        """Columns of an unknown meaning, each under its own heading."""
        found: dict[str, str] = {}
        for column in self.page.extra:
            pieces = [self.page.piece(row, column) for row in self.lines]
            texts = dict.fromkeys(clean(shown(piece.value)) for piece in pieces if piece)
            if texts:
                key = column.heading
                key = f"{key}（{letters(column.at)} 列）" if key in found else key
                found[key] = "\n".join(texts)
        return found

    def _whole(self, problem: str, due: Deadline, assigned: Deadline) -> None:
        """Doubts about the row as a whole, and about cells that hold no value."""
        if not problem:
            self._doubt("no_problem", self._gap("problem"), grave=True)
        if "due" in self.page.columns and due.kind == "none" and not due.reason:
            self._doubt("no_due", self._gap("due"), grave=True)
        if due.day and assigned.day and due.day < assigned.day:
            days = {"found": due.day.isoformat(), "assigned": assigned.day.isoformat()}
            self._doubt("due_before_assigned", self._gap("due"), grave=True, **days)
        for at in range(self.first, self.last + 1):
            for place, text in self.page.broken.get(at, ()):
                code = "cell_error" if text else "formula_unworked"
                self._doubt(code, self._at(at, place), grave=True, found=text)
            for place, text in self.page.sheet.seen.comments.get(at, ()):
                self._doubt("comment", self._at(at, place), found=short(text))
            for place in self.page.struck.get(at, ()):
                self._doubt("struck", self._at(at, place))

    def _at(self, row: int, place: int) -> Piece:
        column = self.page.by_place.get(place)
        return Piece(row, place, "", column.heading if column else letters(place))


@lru_cache(maxsize=1000)
def _kinds(text: str) -> tuple[str, ...]:
    """The kinds of rectification that a text names."""
    return tuple(kind for kind, pattern in _RECT_KINDS if pattern.search(text))


@lru_cache(maxsize=1000)
def _state_of(text: str) -> str:
    """The state that a text names; "" for none of ours."""
    plain = plain_name(text)
    return next((state for state, pattern in _STATES if pattern.fullmatch(plain)), "")


def _distinct(found: Iterable[Match]) -> tuple[Match, ...]:
    """One unit once, whichever of its names was written."""
    return tuple({one.code or one.name: one for one in reversed(list(found))}.values())[::-1]
