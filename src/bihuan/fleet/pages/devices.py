"""Devices and their tokens, how long positions are kept."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.fleet import forms, queries, rules
from bihuan.fleet.models import Device
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def devices(
    *, form: forms.DeviceForm | None = None, given: tuple[Device, str] | None = None
) -> DetailPage:
    """Every device; the form for a new one; and, once only, the token of the one just given."""
    panels: list[Panel] = []
    if given is not None:
        device, secret = given
        facts = (
            (_("设备"), Cell(device.name)),
            (_("令牌"), Cell(secret, "code", note=_("只显示这一次。请现在抄下，交给保管的人。"))),
        )
        panels.append(Facts(_("新的令牌"), facts))
    heads = columns(
        Column(_("设备"), wide=True),
        Column(_("单位"), wide=True),
        _("坐标系"),
        _("状态"),
        Column(_("今天收到"), number=True),
        Column(_("不在当班"), number=True),
        Column(_("有错"), number=True),
        "",
    )
    today = queries.heard_today()
    lines = []
    for one in queries.devices():
        counts = today.get(one.pk)
        ended = one.ended_at is not None
        lines.append(
            row(
                Cell(one.name, note=one.vehicle.number if one.vehicle else ""),
                one.company.label(),
                _(rules.DATUMS[one.datum]),
                Tag(_("已停用"), "quiet") if ended else Tag(_("有效"), "good"),
                Cell(counts.received if counts else 0, "number"),
                Cell(counts.off_shift if counts else 0, "number"),
                Cell(
                    counts.faulty if counts else 0,
                    "number",
                    tone="bad" if counts and counts.faulty else "plain",
                ),
                ""
                if ended
                else Cell(_("停用令牌"), "act", href=reverse("fleet:end-device", args=[one.pk])),
            )
        )
    table = Table(heads, tuple(lines), empty=_("还没有发过设备令牌。"))
    told = _("不在当班的位置不存，只有这里的计数。")
    panels.append(Tables(_("全部设备"), table, told))
    panel = FormPanel(
        _("发设备令牌"),
        form or forms.DeviceForm(),
        reverse("fleet:devices"),
        _("发令牌"),
        _("库里只存摘要，令牌只显示一次；停用立即失效。"),
    )
    return DetailPage(
        _("上报设备"),
        panels,
        (panel,),
        links=(
            Link(_("接口说明"), reverse("fleet:api")),
            Link(_("全部车辆"), reverse("fleet:index")),
        ),
    )


def keeping(by: Post, form: forms.KeepingForm | None = None) -> DetailPage:
    """位置保存期限：现行的，历次的，改。"""
    heads = columns(
        _("时间"), Column(_("保存小时数"), number=True), Column(_("依据"), wide=True), _("谁")
    )
    lines = tuple(
        row(
            Cell(one.created_at, "moment"),
            Cell(one.hours, "number"),
            one.source,
            one.by.label() if one.by else _("系统"),
        )
        for one in queries.keepings()
    )
    facts = Facts(
        _("现行"),
        (
            (
                _("单个位置"),
                Cell(_("保存 %(hours)d 小时，到期即删") % {"hours": queries.keep_hours()}),
            ),
            (_("作业记录"), Cell(_("长期保存：哪个路段、何时、几个佐证点"))),
            (_("不在当班时"), Cell(_("不收，不存，只计数"))),
            (_("人的手机"), Cell(_("从来不收"))),
            (_("现存位置"), Cell(queries.positions_count(), "number")),
        ),
    )
    empty = _("还没有定过，用起始值 %(hours)d 小时。") % {"hours": rules.KEEP_HOURS}
    acts: tuple[FormPanel, ...] = ()
    if people.may(by, queries.MANAGE):
        form = form or forms.KeepingForm(initial={"hours": queries.keep_hours()})
        act = FormPanel(_("定期限"), form, reverse("fleet:keeping"), _("定期限"))
        acts = (act,)
    return DetailPage(
        _("位置保存期限"),
        [facts, Tables(_("历次规定"), Table(heads, lines, empty=empty))],
        acts,
        intro=_("行踪是敏感的个人信息：够用就好，用完就删。看过轨迹的人都记入审计。"),
        links=(Link(_("全部车辆"), reverse("fleet:index")),),
    )
