"""Forms of the plan: one section of fields, one table of rows, the units in their order."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import choices, day
from bihuan.meetings import queries, rules
from bihuan.meetings.models import Meeting
from bihuan.people.models import Unit

BLANKS = 2  # empty lines at the end of a table
MOST_LINES = 60


class OpenForm(forms.Form):
    """开始一轮述职评议。"""

    year = forms.IntegerField(
        label=_("述职年度"),
        min_value=2016,
        max_value=2199,
        help_text=_("评的是哪一年的工作。会议常在次年一月开，年度仍是上一年。"),
    )
    held_on = day(_("会议日期"))
    like = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=_("照哪一轮的方案起草"),
        required=False,
        empty_label=_("从通行做法起草"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        before = Meeting.objects.filter(rehearsal=False).order_by("-year")
        kwargs.setdefault("initial", {"year": clock.today().year, "like": before.first()})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["like"]
        field.queryset = before
        field.label_from_instance = lambda one: one.label()


class SectionForm(forms.Form):
    """方案的一节：字段由 `rules.FIELDS` 说明。"""

    use_required_attribute = False

    def __init__(self, section: str, plan: Mapping[str, Any], data: Any = None) -> None:
        self.section = section
        codes = rules.SECTIONS[section][1]
        super().__init__(data, initial={code: plan.get(code) for code in codes})
        for code in codes:
            self.fields[code] = _field(rules.FIELDS[code], plan)

    def values(self) -> dict[str, Any]:
        """As the plan keeps them: whole numbers and flags as they are, everything else as text."""
        return {code: _kept(self.cleaned_data[code]) for code in rules.SECTIONS[self.section][1]}


def _kept(value: Any) -> Any:
    match value:
        case bool() | int():
            return value
        case None:
            return ""
        case _:
            return str(value).strip()


def _field(one: rules.Field, plan: Mapping[str, Any]) -> forms.Field:
    said: dict[str, Any] = {
        "label": gettext(one.label),
        "required": False,  # what is missing is told by the rules, all faults at once
        "help_text": gettext(one.help) if one.help else "",
    }
    match one.kind:
        case "flag":
            return forms.BooleanField(**said)
        case "date":
            return day(said["label"], required=False, help_text=said["help_text"])
        case "whole":
            return forms.IntegerField(min_value=one.least, max_value=one.most, **said)
        case "choice":
            offered = list(queries.tables_words(plan, one.of).items()) if one.of else []
            offered = offered or choices(one.choices)
            empty = [] if one.required else [("", "—")]
            return forms.ChoiceField(choices=[*empty, *offered], **said)
        case "long":
            return forms.CharField(
                max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **said
            )
        case _:
            return forms.CharField(max_length=200, **said)


class RowsForm(forms.Form):
    """方案的一张表：每格一个字段；清空一行即删去它。"""

    use_required_attribute = False
    lines = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, table: str, plan: Mapping[str, Any], data: Any = None) -> None:
        self.table = table
        current: Sequence[Mapping[str, Any]] = plan[table]
        super().__init__(data, initial={"lines": len(current) + BLANKS})
        written = str(self.data.get("lines", "")) if self.is_bound else ""
        self.count = min(int(written), MOST_LINES) if written.isdecimal() else len(current) + BLANKS
        for line in range(self.count):
            row = current[line] if line < len(current) else {}
            for column in rules.TABLES[table].columns:
                name = name_of(line, column.code)
                self.fields[name] = _cell(column, row.get(column.code, ""), line, plan)

    def rows(self) -> list[dict[str, Any]]:
        """The lines that hold anything, in order."""
        columns = rules.TABLES[self.table].columns
        told = [
            {one.code: _read(one, self.cleaned_data[name_of(line, one.code)]) for one in columns}
            for line in range(self.count)
        ]
        return [row for row in told if row.get("name") or row.get("use") or row.get("code")]


def _read(column: rules.Column, written: Any) -> Any:
    """A typed cell as the plan keeps it; what is no number stays as typed, for its fault."""
    text = str(written or "").strip()
    return int(text) if column.kind == "whole" and text.isdecimal() and len(text) < 9 else text


def name_of(line: int, code: str) -> str:
    """The name of one cell's field."""
    return f"r{line}-{code}"


def _cell(column: rules.Column, value: Any, line: int, plan: Mapping[str, Any]) -> forms.Field:
    label = gettext("第 %(row)d 行，%(column)s") % {
        "row": line + 1,
        "column": gettext(column.label),
    }
    attrs = {"aria-label": label}
    if column.kind == "choice":
        offered = (
            list(queries.tables_words(plan, column.of).items())
            if column.of
            else choices(column.choices)
        )
        return forms.ChoiceField(
            choices=[("", "—"), *offered],
            required=False,
            initial=value,
            widget=forms.Select(attrs=attrs),
        )
    if column.kind in ("number", "whole"):
        attrs["inputmode"] = "decimal"
    return forms.CharField(
        required=False, max_length=200, initial=value, widget=forms.TextInput(attrs=attrs)
    )


class UnitsForm(forms.Form):
    """述职单位：名册里每个单位一行，选方式、填次序；不在上面的另选一个加进来。"""

    use_required_attribute = False
    extra = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("再加一个单位"),
        required=False,
        empty_label="—",
        help_text=_("名单是开放的：任何登记过的单位都可以加。"),
    )
    extra_mode = forms.ChoiceField(
        label=_("它的方式"), required=False, choices=choices(rules.MODES), initial="written"
    )

    def __init__(self, plan: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data)
        chosen = {row["code"]: (n, row["mode"]) for n, row in enumerate(plan["units"], start=1)}
        listed = queries.units_by_code(chosen)
        others = [unit for unit in queries.candidates() if unit.code not in chosen]
        self.units = [listed[code] for code in chosen if code in listed] + others
        for unit in self.units:
            number, mode = chosen.get(unit.code, ("", ""))
            self.fields[f"mode-{unit.code}"] = forms.ChoiceField(
                choices=[("", gettext("不述职")), *choices(rules.MODES)],
                required=False,
                initial=mode,
                widget=forms.Select(attrs={"aria-label": unit.label()}),
            )
            self.fields[f"at-{unit.code}"] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=999,
                initial=number,
                widget=forms.NumberInput(
                    attrs={"aria-label": gettext("%(unit)s的次序") % {"unit": unit.label()}}
                ),
            )
        field: Any = self.fields["extra"]
        field.queryset = Unit.objects.exclude(pk__in=[unit.pk for unit in self.units])
        field.label_from_instance = lambda unit: unit.label()

    def chosen(self) -> list[tuple[str, str]]:
        """(code, mode) in speaking order: on-site ones first, by their numbers."""
        told = []
        for place, unit in enumerate(self.units):
            mode = self.cleaned_data[f"mode-{unit.code}"]
            if mode:
                at = self.cleaned_data[f"at-{unit.code}"] or 999
                told.append((mode != "onsite", at, place, unit.code, mode))
        if extra := self.cleaned_data["extra"]:
            mode = self.cleaned_data["extra_mode"] or "written"
            told.append((mode != "onsite", 999, len(self.units), extra.code, mode))
        return [(code, mode) for *_order, code, mode in sorted(told)]
