"""Verbs of this room. Each asks permission, obeys the rules, and leaves an audit entry."""

from bihuan.audit import services as audit
from bihuan.base.text import zh
from bihuan.people import services as people
from bihuan.press import rules
from bihuan.press.services.papers import (
    Filled,
    declare_source,
    document,
    draft,
    faults,
    issue,
    preview,
    set_template,
    void,
)
from bihuan.press.services.papers import edit as edit_paper
from bihuan.press.services.releases import (
    FIELDS,
    codes,
    correct,
    draft_from,
    drop,
    edit,
    obstacles,
    pass_on,
    preview_from,
    review,
    send_back,
    write,
)
from bihuan.press.services.voice import receive, settle, tell_outcome

__all__ = [
    "FIELDS",
    "Filled",
    "codes",
    "correct",
    "declare_source",
    "document",
    "draft",
    "draft_from",
    "drop",
    "edit",
    "edit_paper",
    "faults",
    "issue",
    "obstacles",
    "pass_on",
    "preview",
    "preview_from",
    "receive",
    "review",
    "send_back",
    "set_template",
    "settle",
    "tell_outcome",
    "void",
    "write",
]

people.declare_verbs(
    {
        "press.view": zh("查看公文和发布稿"),
        "press.write": zh("起草公文和发布稿"),
        "press.unit": zh("单位负责人审发布稿"),
        "press.office": zh("办公室核发布稿，做发布前审查"),
        "press.publish": zh("签发发布稿"),
        "press.issue": zh("印发、作废公文"),
        "press.templates": zh("设定公文模板"),
    }
)
audit.declare(
    {
        "press.paper.draft": zh("起草公文"),
        "press.paper.edit": zh("改公文"),
        "press.paper.issue": zh("印发公文"),
        "press.paper.void": zh("作废公文"),
        "press.template.set": zh("设定公文模板"),
        "press.release.write": zh("起草发布稿"),
        "press.release.edit": zh("改发布稿"),
        "press.release.submit": zh("发布稿送审"),
        "press.release.pass": zh("发布稿通过一步"),
        "press.release.review": zh("发布前审查"),
        "press.release.publish": zh("发布"),
        "press.release.return": zh("退回发布稿"),
        "press.release.drop": zh("撤回发布稿"),
        "press.release.outcome": zh("公布意见办理情况"),
        "press.opinion.receive": zh("收到公众意见"),
        "press.opinion.settle": zh("办理公众意见"),
    },
    {
        "press.paper.kind": audit.Named(
            zh("文种"), lambda: {code: kind.name for code, kind in rules.KINDS.items()}
        ),
        "press.paper.number": zh("文号"),
        "press.release.headline": zh("标题"),
        "press.release.subheadline": zh("副题"),
        "press.release.dateline": zh("电头"),
        "press.release.body": zh("正文"),
        "press.release.byline": zh("署名"),
        "press.release.event_on": zh("事情发生或信息形成的日期"),
        "press.release.opinions_until": zh("征求意见至"),
        "press.release.outcome": zh("意见办理情况"),
        "press.release.number": zh("意见编号"),
        "press.release.state": audit.Named(zh("办理结果"), lambda: rules.OPINION_STATES),
    },
)
