"""What people type into the ledger: one form for each step."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import choices, day
from bihuan.days import queries as days
from bihuan.days.models import LegalLimit
from bihuan.files.forms import UploadField, UploadInput
from bihuan.ledger import queries, rules
from bihuan.ledger.forms.fields import UnitChoice, UnitsChoice, field, words
from bihuan.ledger.models import Finding, Measure
from bihuan.people.models import Post, Unit

_SMALL = {"rows": 2}


class StepForm(forms.Form):
    """Every step carries the revision that stood on the page: see `services.act`."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def about(self, finding: Finding) -> None:
        """Narrow what can be chosen to what this finding allows."""


class RaiseForm(forms.ModelForm):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """提出问题。"""

    class Meta:
        model = Finding
        fields = (
            "title",
            "description",
            "place",
            "source",
            "source_number",
            "category",
            "rect_kind",
            "risk",
            "goal",
            "standard",
        )
        widgets = {  # noqa: RUF012 - Django's own way of declaring
            "description": forms.Textarea(attrs={"rows": 4}),
            "goal": forms.Textarea(attrs=_SMALL),
            "standard": forms.Textarea(attrs=_SMALL),
        }
        help_texts = {  # noqa: RUF012 - Django's own way of declaring
            "place": _("写得具体些，如路名、门牌、项目名；同一地点的旧问题据此查出。"),
            "standard": _("做到什么程度算整改完成。动手之前必须写好，可留给责任单位写。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = forms.ChoiceField(label=_("问题来源"), choices=queries.words("sources"))
        self.fields["source"] = source

    def _post_clean(self) -> None:
        """The verb, not the form, makes the finding."""


class AmendForm(RaiseForm):
    """修改草稿。"""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def about(self, finding: Finding) -> None:
        """Nothing to narrow."""


class AssignForm(StepForm):
    """交办：时限或写日期，或选一项办理期限，或写天数。"""

    lead_unit = UnitChoice(Unit.objects.none(), label=_("牵头单位"))
    due = day(_("完成时限"), required=False, help_text=_("或在下面按天数计算，二者取一。"))
    limit = forms.ChoiceField(label=_("按办理期限"), required=False)
    days_given = forms.IntegerField(label=_("按天数"), required=False, min_value=1, max_value=3650)
    days_unit = forms.ChoiceField(
        label=_("计日方式"), required=False, choices=choices(rules.DAY_UNITS)
    )
    rect_kind = forms.ChoiceField(label=_("整改类型"), choices=choices(rules.RECT_KINDS))
    owner = forms.ModelChoiceField(Post.objects.none(), label=_("责任人"), required=False)
    leader = forms.ModelChoiceField(Post.objects.none(), label=_("责任领导"), required=False)
    assist_units = UnitsChoice(
        Unit.objects.none(),
        label=_("配合单位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    goal = words(_("整改目标"), required=False)
    standard = words(
        _("验收标准"), required=False, help_text=_("做到什么程度算整改完成；可留给责任单位写。")
    )
    note = words(_("交办意见"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "lead_unit").queryset = queries.units_to_choose()
        field(self, "assist_units").queryset = queries.units_to_choose()
        for name, posts in (
            ("owner", queries.owners_to_choose()),
            ("leader", queries.leaders_to_choose()),
        ):
            chosen = field(self, name)
            chosen.queryset = posts
            chosen.label_from_instance = Post.label
        self.limits = {one.code: one for one in days.limits() if one.bound == "most"}
        field(self, "limit").choices = [
            ("", _("不用")),
            *((code, _limit(limit)) for code, limit in self.limits.items()),
        ]
        self.fields["due"].widget.attrs["min"] = clock.today().isoformat()

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        limit = self.limits.get(asked.pop("limit", "") or "")
        ways = [asked.get("due"), limit, asked.get("days_given")]
        if len([way for way in ways if way]) != 1:
            self.add_error("due", _("请定时限：写日期、选办理期限、写天数，三者取一。"))
        if limit is not None:
            asked |= {
                "days_given": limit.number,
                "days_unit": limit.unit,
                "basis": limit.source,
            }
        asked["days_unit"] = asked.get("days_unit") or "working"
        return asked


class NoteForm(StepForm):
    """一句说明，必填。"""

    note = words(_("说明"))


class WordForm(StepForm):
    """一句说明，可不填。"""

    note = words(_("说明"), required=False)


class PlanForm(StepForm):
    """一条措施；还没有验收标准的，先写标准。"""

    standard = words(_("验收标准"), help_text=_("做到什么程度算整改完成。写定后不再改。"))
    text = words(_("整改措施"))
    due = day(_("完成日期"), required=False)

    def about(self, finding: Finding) -> None:
        if finding.standard:
            del self.fields["standard"]


class ReportForm(StepForm):
    """一次进展。"""

    text = words(_("进展"))


class MeasureForm(StepForm):
    """落实一条措施。"""

    measure = forms.ModelChoiceField(Measure.objects.none(), label=_("措施"))
    result = words(_("落实情况"))

    def about(self, finding: Finding) -> None:
        field(self, "measure").queryset = finding.measures.filter(done_on__isnull=True)


class EvidenceForm(StepForm):
    """一份佐证：手机上可直接拍照，也可选已有的文件。"""

    # Two fields, because a phone that is told to take a picture no longer offers its files.
    photo = UploadField(
        label=_("拍照"),
        required=False,
        help_text=_("手机上点这里直接拍照。"),
        widget=UploadInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    upload = UploadField(label=_("文件或照片"), required=False)
    text = words(_("这份材料说明什么"))
    kind = forms.ChoiceField(
        label=_("种类"), choices=choices(rules.EVIDENCE_KINDS), initial="after"
    )
    dated = day(_("形成日期"), required=False)
    place = forms.CharField(label=_("地点"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        photo, upload = asked.pop("photo", None), asked.get("upload")
        if photo and upload:
            self.add_error("upload", _("一次提交一份：拍了照就不要再选文件，另一份另行提交。"))
        elif not (photo or upload or self.has_error("photo") or self.has_error("upload")):
            self.add_error("upload", self.fields["upload"].error_messages["required"])
        asked["upload"] = upload or photo
        return asked


class SplitForm(StepForm):
    """分解到下级。"""

    line = forms.ChoiceField(label=_("沿哪条线"), choices=choices(rules.CASCADE_LINES))
    units = UnitsChoice(
        Unit.objects.none(), label=_("下级单位"), widget=forms.CheckboxSelectMultiple
    )
    due = day(_("下级的时限"))
    standard = words(_("下级的验收标准"), required=False, help_text=_("不写则与上级相同。"))
    note = words(_("说明"), required=False)

    def about(self, finding: Finding) -> None:
        field(self, "units").queryset = queries.subordinates_to_choose(finding)
        if finding.line:
            field(self, "line").choices = choices({finding.line: rules.CASCADE_LINES[finding.line]})
        if finding.due is not None:
            self.fields["due"].widget.attrs["max"] = finding.due.isoformat()


class VerifyForm(StepForm):
    """核查意见。"""

    passed = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("通过")), ("no", _("不通过，退回整改"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(label=_("核查方式"))
    opinion = words(_("核查意见"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "way").choices = queries.words("check_ways")


class ExtensionForm(StepForm):
    """申请延期。"""

    to = day(_("新的时限"))
    reason = words(_("延期理由"))


class DecideForm(StepForm):
    """审批延期。"""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = words(_("审批意见"))


class LongTermForm(StepForm):
    """转长期坚持。"""

    review = day(_("下次检查的日期"))
    note = words(_("理由"))


class RecheckForm(StepForm):
    """回头看。"""

    held = forms.TypedChoiceField(
        label=_("结果"),
        choices=[("yes", _("没有反弹")), ("no", _("有反弹，另立新问题"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = words(_("回头看意见"))
    due = day(_("有反弹时的新时限"), required=False)


class ReopenForm(StepForm):
    """重新打开。"""

    due = day(_("新的时限"))
    note = words(_("原因"))


class HandOverForm(StepForm):
    """移交给另一单位。"""

    to = UnitChoice(Unit.objects.none(), label=_("接手的单位"))
    note = words(_("原因"))

    def about(self, finding: Finding) -> None:
        units = queries.units_to_choose()
        if finding.lead_unit_id is not None:
            units = units.exclude(pk=finding.lead_unit_id)
        field(self, "to").queryset = units


FORMS: dict[str, type[StepForm] | type[AmendForm]] = {
    "amend": AmendForm,
    "assign": AssignForm,
    "discard": NoteForm,
    "acknowledge": WordForm,
    "decline": NoteForm,
    "plan": PlanForm,
    "report": ReportForm,
    "finish_measure": MeasureForm,
    "submit_evidence": EvidenceForm,
    "split": SplitForm,
    "ask_extension": ExtensionForm,
    "decide_extension": DecideForm,
    "request_close": NoteForm,
    "withdraw": NoteForm,
    "take_up": WordForm,
    "verify": VerifyForm,
    "close": WordForm,
    "make_long_term": LongTermForm,
    "recheck": RecheckForm,
    "reopen": ReopenForm,
    "hand_over": HandOverForm,
    "cancel": NoteForm,
}


def form_for(
    finding: Finding, step: str, data: Any = None, files: Any = None
) -> StepForm | AmendForm:
    """The form of a step for one finding, with what is already known or what was typed."""
    known = {"seen": finding.revision, **_known(finding, step)}
    form: StepForm | AmendForm = FORMS[step](data, files, initial=known)
    form.about(finding)
    return form


def told_of_others(form: Any, finding: Finding, sentences: Iterable[str]) -> Any:
    """The same form with all that was typed; it says what others did and knows of it now.

    Whoever sends it again does so having read what happened in between.
    """
    form.data = form.data.copy()
    form.data["seen"] = finding.revision
    for sentence in sentences:
        form.add_error(None, sentence)
    if form.is_multipart():
        form.add_error(None, gettext("文件没有保存，请重新选择。"))
    return form


def _limit(limit: LegalLimit) -> str:
    return gettext("%(name)s：%(n)d %(unit)s") % {
        "name": limit.label(),
        "n": limit.number,
        "unit": limit.get_unit_display(),
    }


def _known(finding: Finding, step: str) -> dict[str, Any]:
    known: tuple[str, ...] = {
        "amend": RaiseForm.Meta.fields,
        "assign": ("lead_unit", "rect_kind", "owner", "leader", "goal", "standard"),
        "split": ("due",),
    }.get(step, ())
    return {name: getattr(finding, name) for name in known if getattr(finding, name)}
