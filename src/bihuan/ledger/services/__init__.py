"""Verbs of the ledger. Each asks permission, obeys `rules.STEPS`, and leaves an audit entry."""

from typing import Any

from django.db import transaction

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.ledger import queries, rules
from bihuan.ledger.models import Finding
from bihuan.ledger.services.cascade import hand_over, hand_over_all, split
from bihuan.ledger.services.dates import (
    ask_extension,
    decide_extension,
    make_long_term,
    recount,
)
from bihuan.ledger.services.intake import (
    answer_intake,
    confirm_intake,
    drop_intake,
    receive_workbook,
)
from bihuan.ledger.services.judging import cancel, close, recheck, reopen, take_up, verify
from bihuan.ledger.services.notices import (
    approve_notice,
    claim_mail,
    remind,
    settle_mail,
    sign_notice,
)
from bihuan.ledger.services.office import (
    bring_through,
    draw_sample,
    end_token,
    give_token,
    note_use,
    raise_through,
    save_table,
    set_limit,
    set_table,
    token_digest,
)
from bihuan.ledger.services.raising import amend, assign, discard, raise_finding
from bihuan.ledger.services.working import (
    acknowledge,
    decline,
    finish_measure,
    plan,
    report,
    request_close,
    submit_evidence,
    withdraw,
)
from bihuan.people import services as people
from bihuan.people.models import Post

people.guard(queries.left_behind)
people.declare_verbs(
    {
        "ledger.view": zh("查看台账"),
        "ledger.raise": zh("提出问题"),
        "ledger.assign": zh("交办、移交、催办"),
        "ledger.acknowledge": zh("签收"),
        "ledger.plan": zh("制定整改措施、分解到下级"),
        "ledger.submit": zh("填报进展、提交佐证、申请销号、申请延期"),
        "ledger.verify": zh("核查"),
        "ledger.close": zh("销号"),
        "ledger.extend": zh("批准延期"),
        "ledger.long_term": zh("转为长期坚持"),
        "ledger.cancel": zh("批准撤销"),
        "ledger.notice": zh("批准约谈、通报"),
        "ledger.recheck": zh("回头看、抽样"),
        "ledger.reopen": zh("重新打开"),
        "ledger.import": zh("导入台账"),
        "ledger.limits": zh("设定规则表"),
        "ledger.tokens": zh("发、停接口令牌"),
    }
)
audit.declare(
    {
        "ledger.finding.raise": zh("提出问题"),
        "ledger.finding.part": zh("由上级分解而来"),
        "ledger.finding.return": zh("回头看发现反弹，另立问题"),
        "ledger.finding.import": zh("由工作簿导入"),
        "ledger.finding.update": zh("由工作簿更新"),
        "ledger.finding.recount": zh("日历更新，重算时限"),
        "ledger.finding.remind": zh("催办"),
        "ledger.finding.sign_notice": zh("签收督办单"),
        "ledger.finding.grant_extension": zh("同意延期"),
        "ledger.finding.refuse_extension": zh("不同意延期"),
        "ledger.finding.pass": zh("核查通过"),
        "ledger.finding.recheck_failed": zh("回头看发现反弹"),
        "ledger.table.set": zh("设定规则表"),
        "ledger.sample.draw": zh("回头看抽样"),
        "ledger.token.give": zh("发接口令牌"),
        "ledger.token.end": zh("停用接口令牌"),
        "ledger.token.use": zh("凭接口令牌办理"),
        "ledger.intake.receive": zh("收到工作簿"),
        "ledger.intake.answer": zh("回答导入时的疑问"),
        "ledger.intake.confirm": zh("确认导入"),
        "ledger.intake.drop": zh("放弃导入"),
        **{f"ledger.finding.{step}": name for step, name in rules.STEP_NAMES.items()},
    },
    fields={
        "ledger.finding.measure": zh("措施"),
        "ledger.finding.file": zh("文件"),
        "ledger.finding.digest": zh("摘要"),
        "ledger.finding.children": zh("分解为"),
        "ledger.finding.parent": zh("上级问题"),
        "ledger.finding.slip": zh("督办单"),
        "ledger.finding.to": zh("发给"),
        "ledger.finding.returns": zh("另立的问题"),
    },
)

VERBS = {
    "amend": amend,
    "assign": assign,
    "discard": discard,
    "acknowledge": acknowledge,
    "decline": decline,
    "plan": plan,
    "report": report,
    "finish_measure": finish_measure,
    "submit_evidence": submit_evidence,
    "split": split,
    "ask_extension": ask_extension,
    "decide_extension": decide_extension,
    "request_close": request_close,
    "withdraw": withdraw,
    "take_up": take_up,
    "verify": verify,
    "close": close,
    "make_long_term": make_long_term,
    "recheck": recheck,
    "reopen": reopen,
    "hand_over": hand_over,
    "cancel": cancel,
}


@transaction.atomic
def act(finding: Finding, step: str, *, by: Post, seen: int | None = None, **fields: Any) -> Any:
    """办理一步：若在打开页面之后别人已先办，则不办，并说明别人办了什么。

    `seen` is the revision that stood on the page. The row is locked before it is compared, so of
    two people who act at once one wins and the other is told.
    """
    if seen is not None:
        current = Finding.objects.select_for_update().get(pk=finding.pk)
        if others := queries.in_the_way(current, step, by=by, seen=seen):
            raise Refused.all(others)
    return VERBS[step](finding, by=by, **fields)  # type: ignore[operator]  # one signature each


__all__ = [
    "VERBS",
    "acknowledge",
    "act",
    "amend",
    "answer_intake",
    "approve_notice",
    "ask_extension",
    "assign",
    "bring_through",
    "cancel",
    "claim_mail",
    "close",
    "confirm_intake",
    "decide_extension",
    "decline",
    "discard",
    "draw_sample",
    "drop_intake",
    "end_token",
    "finish_measure",
    "give_token",
    "hand_over",
    "hand_over_all",
    "make_long_term",
    "note_use",
    "plan",
    "raise_finding",
    "raise_through",
    "receive_workbook",
    "recheck",
    "recount",
    "remind",
    "reopen",
    "report",
    "request_close",
    "save_table",
    "set_limit",
    "set_table",
    "settle_mail",
    "sign_notice",
    "split",
    "submit_evidence",
    "take_up",
    "token_digest",
    "verify",
    "withdraw",
]
