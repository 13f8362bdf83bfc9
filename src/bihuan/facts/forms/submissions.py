"""What a unit hands in: opened, filled as a table or by pasting, judged."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import Labelled, field
from bihuan.exchange import sheet
from bihuan.facts import block, layout, queries, terms, versions
from bihuan.facts.forms.fields import (
    PeriodChoice,
    choices,
    long_text,
    measures,
    number,
    period_written,
)
from bihuan.facts.models import Period
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit


class SubmissionFilterForm(forms.Form):
    """批次的筛选：单位、时期、状态。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"), required=False, empty_label=_("全部"))
    period = PeriodChoice(
        Period.objects.none(), label=_("时期"), required=False, empty_label=_("全部")
    )
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, data: Any, by: Post) -> None:
        super().__init__(data)
        seen = queries.submissions(by).order_by()
        field(self, "unit").queryset = Unit.objects.filter(pk__in=seen.values("unit"))
        field(self, "period").queryset = Period.objects.filter(pk__in=seen.values("period"))
        field(self, "state").choices = choices(terms.SUBMISSION_STATES, empty=_now("全部"))

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class OpenForm(forms.Form):
    """新建批次：哪个单位、哪个时期。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"))
    period = period_written(help_text=_("如 2021、2021年第三季度、2021年9月。"))
    title = forms.CharField(
        label=_("标题"), required=False, max_length=200, help_text=_("不填则用单位和时期。")
    )

    def __init__(self, *args: Any, by: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where, units = people.scope(by, "facts.record"), people.units()
        field(self, "unit").queryset = (
            units if where.units is None else units.filter(pk__in=where.units)
        )


class PasteForm(forms.Form):
    """粘贴一块表格：先预览，再登记。"""

    text = forms.CharField(
        label=_("从电子表格复制的内容"),
        max_length=sheet.MOST_SIGNS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "wrap": "off", "spellcheck": "false"}),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise forms.ValidationError(_now("请粘贴表格的内容。"))
        return text


class PasteConfirmForm(forms.Form):
    """预览以后确认：粘贴的文字原样带回，再读一遍。"""

    text = forms.CharField(max_length=sheet.MOST_SIGNS, strip=False, widget=forms.HiddenInput)
    reason = long_text(_("修订的原因"), required=False, help_text=_("旧版一字不动，新版写明原因。"))

    def __init__(self, *args: Any, revises: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not revises:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True


class FillForm(forms.Form):
    """填表：这个单位报过的每个指标一行，只填有数的；空着的不登记。"""

    source = forms.CharField(
        label=_("来源"), required=False, max_length=300, help_text=_("报表或文件的名称。")
    )
    reason = long_text(
        _("修订的原因"), required=False, help_text=_("改了已有的数才填；旧版一字不动。")
    )

    def __init__(self, *args: Any, rows: Sequence[layout.Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = tuple(rows)
        known, kinds = queries.known_terms(), choices(terms.CHANGE_KINDS, empty="—")
        for n, row in enumerate(self.rows):
            units = measures(row.indicator.measure, known)
            for name, made in _cells(units, kinds).items():
                made.label = f"{row.indicator.label()} {made.label}"
                made.widget.attrs["aria-label"] = made.label
                made.initial = _initial(name, row)
                self.fields[f"{name}-{n}"] = made

    def cells(self, n: int) -> dict[str, forms.BoundField]:
        """The bound fields of one row, in the order of the columns."""
        return {name: self[f"{name}-{n}"] for name in CELLS}

    def block(self) -> block.Block:
        """The filled rows, as a pasted block would give them."""
        typed = self.cleaned_data
        entries = []
        for n, row in enumerate(self.rows):
            said: dict[str, Any] = {name: typed.get(f"{name}-{n}") for name in CELLS}
            if said["value"] is None and not said["text"]:
                continue
            measure = said["measure"] if said["value"] is not None else ""
            change = said["change"]
            entries.append(
                block.Entry(
                    0,
                    indicator=row.indicator.name,
                    code=row.indicator.code,
                    period=row.period,
                    scope=row.scope,
                    value=said["value"],
                    text=said["text"] if said["value"] is None else "",
                    measure=measure,
                    change=change,
                    change_kind=said["change_kind"],
                    change_text=said["text"] if said["change_kind"].startswith("qual") else "",
                    quote=_quote(row, said),
                    as_written=_as_written(row, said),
                    source=typed["source"],
                    told=_TOLD,
                )
            )
        return block.Block(tuple(entries), ())


_TOLD = frozenset({"value", "measure", "text", "change", "change_kind", "quote"})
CELLS = ("value", "measure", "text", "change", "change_kind", "quote")


def _cells(units: Any, kinds: Any) -> dict[str, Any]:
    return {
        "value": number(_now("数值")),
        "measure": forms.ChoiceField(label=_now("计量单位"), required=False, choices=units),
        "text": forms.CharField(label=_now("文字"), required=False, max_length=200),
        "change": number(_now("变动")),
        "change_kind": forms.ChoiceField(label=_now("变动类型"), required=False, choices=kinds),
        "quote": forms.CharField(label=_now("原文"), required=False, max_length=4000),
    }


def _initial(name: str, row: layout.Row) -> Any:
    """What stands in the submission already; else the unit and the kind of change as ever."""
    now, last = row.now, row.last
    if now is None:
        if name == "measure":
            return row.measure
        moved = last is not None and last.change is not None
        return last.change_kind if last and moved and name == "change_kind" else None
    known = {
        "value": versions.printed(now.value, now.places),
        "change": versions.printed(now.change, now.change_places),
    }
    return known[name] if name in known else getattr(now, name)


def _quote(row: layout.Row, said: dict[str, Any]) -> str:
    """The quote as typed; not the former one where the number beside it was changed."""
    quote, value = str(said["quote"]), said["value"]
    former = row.now is not None and quote == row.now.quote
    changed = row.now is not None and value != versions.printed(row.now.value, row.now.places)
    number = "" if value is None else f"{value:f}"
    told = bool(number) and number in quote.replace(",", "")
    return "" if former and changed and not told else quote


def _as_written(row: layout.Row, said: dict[str, Any]) -> str:
    """What was typed, in one line: it stands in for a quote where none is given."""
    value: Decimal | None = said["value"]
    parts = [row.indicator.name, row.scope]
    parts.append(f"{value:f} {said['measure']}" if value is not None else said["text"])
    if said["change"] is not None:
        unit = terms.CHANGE_UNITS.get(said["change_kind"], "")
        parts.append(f"{said['change']:+f}{unit}")
    return " ".join(part for part in parts if part)
