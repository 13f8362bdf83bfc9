"""Forms about a scheme: begin, amend, a version, BCF, aspects."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.designs import queries
from bihuan.designs.forms.fields import (
    ActForm,
    Labelled,
    Several,
    UploadsField,
    day,
    line,
    number,
    words,
)


class SchemeForm(ActForm):
    """改方案的安排。"""

    name = line(_("方案名称"), help_text=_("如：总平面和建筑单体方案"))
    name_en = line(_("英文名称"), longest=300, required=False)
    designer = Labelled(_("设计（项目）单位"), help_text=_("由它交图、答复意见。"))
    units = Several(_("征求意见的单位"), required=False)
    due = day(_("提意见截止"), required=False)
    conditions = words(_("规划条件"), required=False)

    def fit(self) -> None:
        self.choose("designer", queries.units_to_choose())
        self.choose("units", queries.units_to_choose())
        if self.thing is not None:
            for name in ("name", "name_en", "designer", "due", "conditions"):
                self.fields[name].initial = getattr(self.thing, name)
            self.fields["units"].initial = list(self.thing.units.all())


class BeginForm(SchemeForm):
    """立一个方案。"""

    project = Labelled(_("项目"))
    field_order = ("project",)

    def fit(self) -> None:
        super().fit()
        self.choose("project", queries.projects_to_choose(self.by))


class BringForm(ActForm):
    """交一版。"""

    uploads = UploadsField(
        label=_("图纸文件"),
        help_text=_("PDF 和图片（png、jpg、jpeg、webp），可选多个，按选的次序连着编页码。"),
    )
    note = words(_("这一版改了什么"), required=False, help_text=_("第一版可不填。"))


class BcfForm(ActForm):
    """导入 BCF。"""

    upload = forms.FileField(label=_("BCF 文件"), help_text=_(".bcf 或 .bcfzip，2.1 或 3.0 版。"))
    version = Labelled(_("钉在哪一版"), empty_label=None)

    def fit(self) -> None:
        self.choose("version", self.thing.versions.order_by("-number"))


class CompareForm(ActForm):
    """比对两版：任选一个旧版。"""

    older = Labelled(_("与哪一版比对"), empty_label=None)

    def fit(self) -> None:
        self.choose("older", _before(self.thing))


def _before(version: Any) -> Any:
    return version.scheme.versions.filter(number__lt=version.number).order_by("-number")


class AspectForm(ActForm):
    """设定意见方面。"""

    name = line(_("名称"))
    name_en = line(_("英文名称"), longest=300, required=False)
    order = number(_("次序"))
    source = line(_("依据"))
    in_use = forms.BooleanField(label=_("使用"), required=False)

    def fit(self) -> None:
        if self.thing is not None:
            for name in self.fields:
                self.fields[name].initial = getattr(self.thing, name)


class NewAspectForm(AspectForm):
    """新设意见方面。"""

    code = forms.SlugField(
        label=_("代码"), max_length=40, help_text=_("小写字母和连字号，定后不改。")
    )
    field_order = ("code",)

    def fit(self) -> None:
        self.fields["in_use"].initial = True
        self.fields["order"].required = False
