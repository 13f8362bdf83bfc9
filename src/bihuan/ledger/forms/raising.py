"""Raising a finding: what looks like an old one is shown before anything is stored."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.ledger import queries, rules
from bihuan.ledger.forms.steps import RaiseForm
from bihuan.ledger.models import Finding
from bihuan.people.models import Post

_SHOWN = 8
ALL_THE_SAME = "-"


class RaisingForm(RaiseForm):
    """提出问题：疑似反复出现的，先选照常提出，还是与前一次相连。

    `alike` are the earlier findings that were found. As long as there are some and nothing has
    been chosen, the form is not valid: the person decides, not the machine.
    """

    def __init__(self, *args: Any, by: Post, **kwargs: Any) -> None:
        super().__init__(*args, initial={"rect_kind": "dated"}, **kwargs)
        self.by = by
        self.alike: list[queries.Alike] = []

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if self.errors:
            return asked
        self.alike = queries.alike(
            asked["title"],
            description=asked["description"],
            place=asked["place"],
            among=queries.visible_to(self.by),
        )[:_SHOWN]
        if self.alike:
            asked["previous"] = self._chosen()
        return asked

    def _chosen(self) -> Finding | None:
        """What the person decided; asks for it where nothing was decided yet."""
        found = {str(one.finding.pk): one for one in self.alike}
        options = [
            (ALL_THE_SAME, _("照常提出：不是同一问题")),
            *((pk, _chain(one)) for pk, one in found.items()),
        ]
        self.fields["previous"] = forms.ChoiceField(
            label=_("疑似反复出现，请选一项"), choices=options, widget=forms.RadioSelect
        )
        self.order_fields(["previous"])
        wanted = self.data.get("previous", "")
        if wanted not in dict(options):
            self.add_error("previous", _("同一地点或对象有过相似的问题，请先看下表，再选。"))
        return found[wanted].finding if wanted in found else None


def _chain(one: queries.Alike) -> str:
    return gettext("又出现了：与 %(number)s 相连（%(title)s，%(state)s）") % {
        "number": one.finding.number,
        "title": one.finding.title,
        "state": gettext(rules.STATES[one.finding.state]),
    }
