"""What the office types in for itself: rule tables cell by cell, seeds, tokens, slips to see."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import choices, day
from bihuan.ledger import queries
from bihuan.ledger.forms.fields import field
from bihuan.ledger.models import RuleTable
from bihuan.ledger.rules.tables import Column, Fault, Plan, Row
from bihuan.people.models import Post

BLANKS = 3  # empty lines at the end of a table whose rows may come
MOST_LINES = 200
_WHOLE = re.compile(r"[+-]?\d{1,9}")


class TableForm(forms.Form):
    """规则表：每格一个字段，另有顺序、删去，和依据；所有不对之处一次说清，标在格子旁。

    A faulty cell is told by the same sentences as the verb would say; what was typed stays.
    Nothing is saved before it was looked at: `looked` says which rows the preview has shown.
    """

    # A browser that stops at the first empty field would hide all the other faults.
    use_required_attribute = False
    # Whose tables: another room with rule tables of its own names its questions here.
    tables: Any = queries

    seen = forms.IntegerField(widget=forms.HiddenInput)
    looked = forms.CharField(required=False, widget=forms.HiddenInput)
    lines = forms.IntegerField(widget=forms.HiddenInput)
    source = forms.CharField(
        label=_("依据"),
        max_length=RuleTable._meta.get_field("source").max_length,
        help_text=_("哪份文件、哪次会议，或谁的决定。"),
        error_messages={"required": _("请写明依据：哪份文件、哪次会议，或谁的决定。")},
    )

    def __init__(self, code: str, data: QueryDict | None = None) -> None:
        self.code = code
        self.plan: Plan = self.tables.plan(code)
        self.current: Sequence[Row] = self.tables.table(code)
        newest = self.tables.history(code).first()
        self.version = newest.version if newest else 0
        initial = {"seen": self.version, "lines": len(self.current)}
        super().__init__(data.copy() if data is not None else None, initial=initial)
        self.existing = _between(self.data.get("lines"), len(self.current))
        count = self.existing + (0 if self.plan.fixed else BLANKS)
        for line in range(count):
            self._add_line(line, self.current[line] if line < len(self.current) else {})
        self.count = count
        self.rows: list[Row] = []
        self.order_fields([*_HIDDEN, *self._cells(), "source"])

    def _cells(self) -> list[str]:
        return [name for name in self.fields if name not in (*_HIDDEN, "source")]

    def was_looked_at(self) -> bool:
        """Has the page shown what exactly these rows would change? If not, the next one does."""
        text = json.dumps([self.version, self.rows], ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        told = self.data.get("looked") == digest
        self.data["looked"] = digest  # type: ignore[index]  # our own copy
        return told

    def _add_line(self, line: int, row: Row) -> None:
        """The fields of one line; a line that was there keeps its code."""
        kept = line < self.existing
        if self.plan.ordered:
            widget = forms.NumberInput(attrs=_named(line, gettext("顺序")))
            initial = (line + 1) * 10 if kept else None
            self.fields[name_of(line, "at")] = forms.CharField(
                label=gettext("顺序"), required=False, initial=initial, widget=widget
            )
        for column in self.plan.columns:
            made = _cell(column, row.get(column.code), line, kept)
            self.fields[name_of(line, column.code)] = made
        if kept and not self.plan.fixed:
            self.fields[name_of(line, "gone")] = forms.BooleanField(
                label=gettext("删去"),
                required=False,
                widget=forms.CheckboxInput(attrs=_named(line, gettext("删去"))),
            )

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        told: list[tuple[int, int, Row]] = []  # place, line on the page, row
        for line in range(self.count):
            row = {c.code: _read(c, asked.get(name_of(line, c.code))) for c in self.plan.columns}
            empty = all(value in ("", False) for value in row.values())
            if asked.get(name_of(line, "gone")) or (line >= self.existing and empty):
                continue
            told.append((self._place(line, asked), line, row))
        told.sort(key=lambda one: one[:2])
        self.rows = [row for _place, _line, row in told]
        shown = [line for _place, line, _row in told]
        for fault in self.tables.table_faults(self.code, self.rows):
            self._tell(fault, shown)
        if asked.get("seen") != self.version:
            self.data["seen"] = str(self.version)  # type: ignore[index]  # our own copy
            self.add_error(
                None,
                gettext(
                    "在您打开页面之后，别人已经改过这张表，现在是第 %(n)d 版。"
                    "您填的都还在；请对照现行内容，再保存一次。"
                )
                % {"n": self.version},
            )
        elif not self.errors and self.rows == [self._known(row) for row in self.current]:
            self.add_error(None, gettext("内容没有变化，不必另存。"))
        return asked

    def _known(self, row: Row) -> Row:
        return {c.code: row.get(c.code, "") for c in self.plan.columns}

    def _place(self, line: int, asked: Mapping[str, Any]) -> int:
        written = str(asked.get(name_of(line, "at")) or "")
        if not self.plan.ordered or (not written and line >= self.existing):
            return 0 if not self.plan.ordered else 10**9  # a new line without a place comes last
        if _WHOLE.fullmatch(written):
            return int(written)
        sentence = gettext("第 %(row)d 行“%(column)s”：应为整数。请改正。")
        params = {"row": line + 1, "column": gettext("顺序")}
        self.add_error(name_of(line, "at"), sentence % params)
        return 10**9

    def _tell(self, fault: Fault, shown: Sequence[int]) -> None:
        """A fault beside its cell, with the number that the line has on the page."""
        params = dict(fault.params)
        where = None
        if "row" in params:
            line = shown[params["row"] - 1]
            params["row"] = line + 1
            where = _place_of(self.plan, params, line)
        hidden = where is None or self.fields[where].widget.is_hidden
        told = queries.sentence(Fault(fault.sentence, params))
        self.add_error(None if hidden else where, told)


_HIDDEN = ("seen", "lines", "looked")


def _place_of(plan: Plan, params: Mapping[str, Any], line: int) -> str:
    """The field that a fault of one row is about; a row as a whole is told at its first cell."""
    by_label = {column.label: column.code for column in plan.columns}
    codes = [column.code for column in plan.columns]
    return name_of(line, by_label.get(params.get("column", ""), codes[0]))


def name_of(line: int, code: str) -> str:
    """The name of one cell's field."""
    return f"r{line}-{code}"


def _between(written: Any, default: int) -> int:
    """How many lines were there when the page was opened."""
    text = str(written if written is not None else default)
    return min(int(text), MOST_LINES) if text.isdecimal() and len(text) < 5 else default


def _named(line: int, column: str) -> dict[str, str]:
    label = gettext("第 %(row)d 行，%(column)s") % {"row": line + 1, "column": column}
    return {"aria-label": label}


def _cell(column: Column, value: Any, line: int, kept: bool) -> forms.Field:
    attrs: dict[str, Any] = _named(line, gettext(column.label))
    label = gettext(column.label)
    if column.kind == "flag":
        return forms.BooleanField(
            label=label, required=False, initial=value, widget=forms.CheckboxInput(attrs=attrs)
        )
    widget: forms.Widget = forms.TextInput(attrs=attrs)
    if column.longest > 100:
        widget = forms.Textarea(attrs={**attrs, "rows": 3})
    if column.kind == "code" and kept:
        widget = forms.HiddenInput()
    elif column.kind == "whole":
        widget = forms.NumberInput(attrs={**attrs, "min": column.least, "max": column.most})
    elif column.kind == "choice":
        options = choices(column.choices)
        widget = forms.Select(attrs=attrs, choices=options if kept else [("", ""), *options])
    # Whatever is typed is let through: what is wrong with it is said by the rules of the table.
    return forms.CharField(label=label, required=False, initial=value, widget=widget)


def _read(column: Column, written: Any) -> Any:
    """A typed cell as the table keeps it; what cannot be read stays as typed, for its fault."""
    if column.kind == "flag":
        return bool(written)
    text = str(written or "")
    return int(text) if column.kind == "whole" and _WHOLE.fullmatch(text) else text


class NoticeFilterForm(forms.Form):
    """催办的筛选：哪种督办单，是否签收。"""

    slip = forms.ChoiceField(label=_("形式"), required=False)
    unsigned = forms.BooleanField(label=_("只看没有签收的"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = queries.words("slips")
        asked = self.data.get("slip", "")
        if asked and asked not in dict(known):  # a form that the office has given up since
            known = [*known, (asked, queries.word("slips", asked))]
        field(self, "slip").choices = [("", _("全部")), *known]

    def asked(self) -> dict[str, Any]:
        """What was asked; a filter that makes no sense is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SampleForm(forms.Form):
    """抽样的种子。"""

    seed = forms.CharField(
        label=_("种子"),
        max_length=120,
        help_text=_("抽样之前谁也不能选定的号码，例如当天公布的彩票开奖号码或指数收盘点位。"),
    )
    source = forms.CharField(
        label=_("种子出处"),
        max_length=200,
        help_text=_("在哪里公布、哪一天哪一期，让任何人都能查到。"),
    )


class TokenForm(forms.Form):
    """发一个令牌。"""

    name = forms.CharField(
        label=_("用途"), max_length=80, help_text=_("哪个系统用它，做什么，由谁保管。")
    )
    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=_("以哪一任职办理"),
        help_text=_("令牌只能看、只能办这一任职能看、能办的。"),
    )
    valid_to = day(_("有效期至"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = field(self, "post")
        chosen.queryset = queries.posts_for_tokens()
        chosen.label_from_instance = Post.label
        longest = clock.today() + timedelta(days=queries.limit("token_days"))
        bounds = {"min": clock.today().isoformat(), "max": longest.isoformat()}
        self.fields["valid_to"].widget.attrs.update(bounds)
        self.longest = longest
        self.fields["valid_to"].help_text = gettext("最长到 %(day)s。") % {
            "day": clock.in_words(longest)
        }

    def clean_valid_to(self) -> date:
        valid_to: date = self.cleaned_data["valid_to"]
        if valid_to < clock.today():
            raise forms.ValidationError(gettext("有效期不得早于今天。请改晚。"))
        if valid_to > self.longest:
            told = {"day": clock.in_words(self.longest)}
            raise forms.ValidationError(
                gettext("令牌最长可用到 %(day)s。请改早；到期前再发新的。") % told
            )
        return valid_to


class CompareForm(forms.Form):
    """比较一张规则表的两版。"""

    against = forms.ChoiceField(label=_("从"))
    version = forms.ChoiceField(label=_("到"))

    def __init__(self, versions: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "against").choices = field(self, "version").choices = versions
