"""What is chosen on reading pages: a day for the lamps, a line of the tree, a bulk act."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.base.fields import day as a_day
from bihuan.base.text import zh
from bihuan.ledger import queries, rules
from bihuan.ledger.forms.fields import field
from bihuan.ledger.forms.listing import FilterForm
from bihuan.ledger.forms.steps import AssignForm, DecideForm, HandOverForm, WordForm
from bihuan.people import queries as people
from bihuan.people.models import Post

REMIND = "remind"
# Acts that mean the same for many findings at once, and the permission each asks for. What judges
# the work itself (verify, close, re-check) asks for an opinion on that one and is not among them.
BULK: dict[str, str] = {
    **{
        step: rules.STEP_VERBS[step][0]
        for step in ("assign", "acknowledge", "take_up", "decide_extension", "hand_over")
    },
    REMIND: "ledger.assign",
}
BULK_NAMES = {**rules.STEP_NAMES, REMIND: zh("催办")}


def bulk_steps(by: Post) -> list[str]:
    """The bulk acts that this post may do at all."""
    return [step for step, verb in BULK.items() if people.may(by, verb)]


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
    """对选中的问题做什么；筛选出的不太多时，也可以选全部。"""

    act = forms.ChoiceField(label=_("对选中的问题"))

    def __init__(self, steps: Sequence[str], filters: Mapping[str, str], total: int) -> None:
        super().__init__()
        field(self, "act").choices = choices({step: BULK_NAMES[step] for step in steps})
        if not filters or not 1 < total <= rules.BULK_MOST:
            return
        label = _("筛选出的 %(n)d 个全部选中") % {"n": total}
        self.fields["whole"] = forms.BooleanField(label=label, required=False)
        for name, value in filters.items():
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, initial=value)


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


class BulkDecideForm(DecideForm):
    """批量审批延期：同一个决定；各自延到各自申请的日期。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]


BULK_FORMS: dict[str, type[forms.Form]] = {
    "assign": BulkAssignForm,
    "acknowledge": BulkWordForm,
    "take_up": BulkWordForm,
    "decide_extension": BulkDecideForm,
    "hand_over": BulkHandOverForm,
    REMIND: forms.Form,
}
_CARRIED = ("act", "rows", "confirmed")


def bulk_form(act: str, data: Any = None) -> forms.Form:
    """The form of a bulk act; it carries which act, which findings, and whether it is confirmed."""
    form = BULK_FORMS[act](data)
    for name in _CARRIED:
        form.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
    form.fields["act"].initial = act
    return form


def filled_in(form: forms.Form) -> dict[str, Any]:
    """What the verb is given."""
    return {name: v for name, v in form.cleaned_data.items() if name not in _CARRIED}


def carrying(form: forms.Form, chosen: Mapping[int, int], *, confirmed: bool) -> forms.Form:
    """The form with each finding and the revision that was shown; its fields hidden to confirm.

    What is confirmed is what was previewed: nothing of it can be changed on that page.
    """
    carried = {"rows": ",".join(f"{pk}:{seen}" for pk, seen in chosen.items())}
    if confirmed:
        carried["confirmed"] = "yes"
    if form.is_bound:
        typed: Any = form.data
        typed = typed.copy()
        for name, value in carried.items():
            typed[name] = value
        form.data = typed
    for name, value in carried.items():
        form.fields[name].initial = value
    if confirmed:
        for one in form.fields.values():
            one.widget = one.hidden_widget()
            one.widget.is_required = False
    return form


def rows_of(text: str) -> dict[int, int]:
    """What `carrying` wrote, read back; what is no number is left out."""
    pairs = [pair.partition(":")[::2] for pair in text.split(",")]
    return {int(pk): int(seen) for pk, seen in pairs if is_key(pk) and is_key(seen)}


def is_key(text: str) -> bool:
    """Could this be the key of a row? Longer numbers than a database holds are none."""
    return text.isdecimal() and len(text) <= 18
