"""What is chosen on reading pages: a day for the lamps, a line of the tree, a bulk act."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.ledger import queries, rules
from bihuan.ledger.forms.fields import choices, day as a_day, field
from bihuan.ledger.forms.listing import FilterForm
from bihuan.ledger.forms.steps import AssignForm, HandOverForm, WordForm
from bihuan.people import queries as people
from bihuan.people.models import Post

# Acts that mean the same for many findings at once. What judges or answers for one finding
# (verify, close, extend) asks for an opinion on that one and is not among them.
BULK = ("assign", "acknowledge", "take_up", "hand_over")


def bulk_steps(by: Post) -> list[str]:
    """The bulk acts that this post may do at all."""
    return [step for step in BULK if people.may(by, rules.STEP_VERBS[step][0])]


class StatisticsForm(FilterForm):
    """统计的筛选：与台账相同，另可看过去某一天的亮灯。"""

    day = a_day(_("看哪一天的亮灯"), required=False)

    def filters(self) -> dict[str, Any]:
        """What the list would be asked."""
        return {name: value for name, value in self.asked().items() if name != "day"}

    def list_address(self) -> dict[str, str]:
        """The same filter as an address of the list."""
        return {name: value for name, value in self.address().items() if name != "day"}


class LineForm(forms.Form):
    """沿哪条线看下级。"""

    line = forms.ChoiceField(
        label=_("沿哪条线看下级"), required=False, choices=choices(rules.CASCADE_LINES)
    )

    def asked(self) -> str:
        """The line chosen; the administrative one if none or nonsense."""
        self.is_valid()
        return str(self.cleaned_data.get("line") or "admin")


class ChooseForm(forms.Form):
    """对选中的问题做什么。"""

    act = forms.ChoiceField(label=_("对选中的问题"))

    def __init__(self, steps: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {step: rules.STEP_NAMES[step] for step in steps}
        field(self, "act").choices = choices(names)


class BulkAssignForm(AssignForm):
    """批量交办：同一个牵头单位、同一个时限。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What belongs to one finding alone is written when that one is assigned.
        for name in ("rect_kind", "goal", "standard", "seen"):
            del self.fields[name]


class BulkWordForm(WordForm):
    """批量签收、受理：一句说明，可不填。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]


class BulkHandOverForm(HandOverForm):
    """批量移交给同一个单位。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        field(self, "to").queryset = queries.units_to_choose()


BULK_FORMS: dict[str, type[forms.Form]] = {
    "assign": BulkAssignForm,
    "acknowledge": BulkWordForm,
    "take_up": BulkWordForm,
    "hand_over": BulkHandOverForm,
}


def carrying(form: forms.Form, act: str, chosen: Sequence[tuple[int, int]]) -> forms.Form:
    """The form of a bulk act with what was chosen: each finding and the revision that was shown."""
    form.fields["act"] = forms.CharField(widget=forms.HiddenInput, initial=act)
    form.fields["rows"] = forms.CharField(
        widget=forms.HiddenInput,
        required=False,
        initial=",".join(f"{pk}:{revision}" for pk, revision in chosen),
    )
    return form


def rows_of(text: str) -> dict[int, int]:
    """What `carrying` wrote, read back; what is no number is left out."""
    pairs = [pair.partition(":")[::2] for pair in text.split(",")]
    return {int(pk): int(seen) for pk, seen in pairs if pk.isdecimal() and seen.isdecimal()}
