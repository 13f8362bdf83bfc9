"""Official papers: the list, one paper with its text and what stops it, templates."""

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.press import forms, queries, rules, services
from bihuan.press.models import Paper
from bihuan.press.pages import words
from bihuan.ui.panel import DetailPage, Facts, FormPage, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row


def kind_name(kind: rules.Kind) -> str:
    return kind.name_en if get_language() == "en" else str(_(kind.name))


def index(by: Post, form: Any = None) -> DetailPage:
    """公文：最近的在前；起草一份。"""
    heads = columns(
        _("文号"), _("文种"), Column(_("标题"), wide=True), _("状态"), _("印发"), _("起草")
    )
    lines = tuple(
        row(
            Cell(one.number or _("（未编号）"), href=one.get_absolute_url()),
            one.kind_label(),
            one.title,
            words.paper_state(one),
            Cell(one.issued_on, "date") if one.issued_on else "",
            who(one.by),
        )
        for one in queries.papers_for(by)[:200]
    )
    acts: list[Panel] = []
    if people.may(by, "press.write"):
        acts.append(
            FormPanel(
                _("起草公文"), form or forms.DraftForm(), reverse("press:papers"), _("起草"),
                _("由模板填写，存为草稿，印发以前都可以改。"), folded=form is None,
            )
        )  # fmt: skip
    return DetailPage(
        _("公文"),
        (Tables(_("全部公文"), Table(heads, lines, empty=_("还没有公文。"))),),
        acts,
        intro=_("按 GB/T 9704 的版式印成 PDF 和 Word；印发时编号、存档，页脚有审计链根。"),
        links=words.around("papers"),
    )


def detail(paper: Paper, by: Post, form: Any = None) -> DetailPage:
    """一份公文：文稿、印得出印不出、文件、经过。"""
    panels: list[Panel] = [_facts(paper)]
    faults = services.faults(paper.text) if paper.state == "draft" else []
    if faults:
        panels.append(Prose(_("印发以前还要改"), words.listed(faults)))
    panels += words.differences(queries.checked(paper.text))
    acts: list[Panel] = []
    writes, issues = people.may(by, "press.write"), people.may(by, "press.issue")
    if paper.state == "draft" and writes:
        shown = form or forms.PaperForm(initial={"text": paper.text})
        action = reverse("press:paper", args=[paper.pk])
        panels.insert(1, FormPanel(_("文稿"), shown, action, _("保存")))
    else:
        panels.insert(1, Prose(_("文稿"), paper.text))
    if paper.state == "draft" and issues and not faults:
        action = reverse("press:paper-issue", args=[paper.pk])
        intro = _("编号、印成 PDF 和 Word 存档；以后不能改，只能作废重发。")
        acts.append(FormPanel(_("印发"), Form(), action, _("印发"), intro, "good"))
    if paper.state == "issued" and issues:
        action = reverse("press:paper-void", args=[paper.pk])
        acts.append(
            FormPanel(_("作废"), forms.ReasonForm(), action, _("作废"), tone="bad", folded=True)
        )
    links = [
        Link(_("看 PDF"), reverse("press:paper-file", args=[paper.pk, "pdf"])),
        Link(_("下载 Word"), reverse("press:paper-file", args=[paper.pk, "docx"])),
    ]
    return DetailPage(
        paper.title,
        panels,
        acts,
        (words.paper_state(paper),),
        kicker=paper.number or paper.kind_label(),
        links=(*links, *words.around("")[1:2]),
    )


def _facts(paper: Paper) -> Facts:
    items = [
        (_("文种"), Cell(paper.kind_label())),
        (_("文号"), Cell(paper.number or _("（印发时编）"))),
        (_("起草"), Cell(who(paper.by))),
    ]
    if paper.issued_on:
        items.append((_("印发"), Cell(who(paper.issued_by))))
        items.append((_("印发日期"), Cell(paper.issued_on, "date")))
        items.append((_("审计链根"), Cell(paper.root, "code")))
        if paper.pdf:
            items.append((_("PDF 的摘要"), Cell(paper.pdf.digest, "code")))
    if paper.reason:
        items.append((_("作废的原因"), Cell(paper.reason)))
    return Facts(_("公文"), tuple(items))


def templates() -> DetailPage:
    """公文模板：每种一份，可改，留历史。"""
    heads = columns(_("文种"), _("由什么填写"), Column(_("版本"), number=True), _("依据"))
    sources = {
        "finding": _("台账的问题"), "unit": _("一个单位没有销号的问题"), "meeting": _("测评会"),
        "letter": _("测评反馈"), "design-minutes": _("方案审查会"), "situation": _("情况报告"),
        "run": _("一轮测算"), "": _("自拟"),
    }  # fmt: skip
    lines, changed = [], queries.newest_templates()
    for code, kind in rules.KINDS.items():
        newest = changed.get(code)
        lines.append(
            row(
                Cell(kind_name(kind), href=reverse("press:template", args=[code])),
                sources.get(kind.source, kind.source),
                Cell(newest.version if newest else 0, "number"),
                newest.source if newest else _("原有的"),
            )
        )
    return DetailPage(
        _("公文模板"),
        (Tables(_("每种公文一份"), Table(heads, tuple(lines))),),
        intro=_("模板是纯文字，可以下载、改好再存；改动只影响以后起草的公文。"),
        links=words.around("templates"),
    )


def template(kind: str, by: Post, form: Any = None) -> DetailPage:
    """一种公文的模板：现在的文字，历史。"""
    text, known = queries.template(kind), rules.KINDS[kind]
    panels: list[Panel] = [Prose(_("现在的模板"), text)]
    history = tuple(
        row(Cell(one.version, "number"), Cell(one.created_at, "moment"), who(one.by),
            one.source)
        for one in queries.templates(kind)
    )  # fmt: skip
    heads = columns(Column(_("版本"), number=True), _("何时"), _("谁"), _("依据"))
    panels.append(Tables(_("历史"), Table(heads, history, empty=_("还没有改过。"))))
    acts: list[Panel] = []
    if people.may(by, "press.templates"):
        shown = form or forms.TemplateForm(initial={"text": text})
        action = reverse("press:template", args=[kind])
        acts.append(FormPanel(_("改模板"), shown, action, _("存为新的一版"), folded=form is None))
    return DetailPage(
        _("%(kind)s的模板") % {"kind": kind_name(known)},
        panels,
        acts,
        links=(
            Link(_("下载"), reverse("press:template-file", args=[kind])),
            Link(_("公文模板"), reverse("press:templates")),
        ),
    )


def checking(form: Any, text: str) -> FormPage:
    """核对文字：贴进来，看每个数。"""
    panel = FormPanel(
        _("核对一篇文字"), form, reverse("press:check"), _("核对"),
        _("文中每个数与公开的存数比对：不符的、漏了口径的、彼此矛盾的，逐一列出。什么都不存。"),
    )  # fmt: skip
    shown = words.differences(queries.checked(text)) if text else []
    return FormPage(_("核对文字"), panel, panels=shown)
