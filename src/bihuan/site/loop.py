"""Verbs that no single room can do: a doubt or a resident's opinion becomes a finding."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.facts import pages as facts_pages
from bihuan.facts import services as facts
from bihuan.facts.models import Doubt
from bihuan.ledger import queries as ledger_queries
from bihuan.ledger import services as ledger
from bihuan.ledger.models import Finding
from bihuan.people.models import Post
from bihuan.press import services as press
from bihuan.press.models import Opinion


@transaction.atomic
def raise_from_doubt(doubt: Doubt, *, by: Post, note: str = "") -> Finding:
    """由疑点提出问题：一个疑点只提一次；数据照旧保留，不改动。"""
    doubt = Doubt.objects.select_for_update().get(pk=doubt.pk)
    if earlier := ledger_queries.of_origin(doubt).first():
        raise Refused(
            _("这个疑点已提出为问题 %(number)s。请到台账查看。") % {"number": earlier.number}
        )
    finding = ledger.raise_finding(
        by=by,
        title=facts_pages.title(doubt),
        description=facts_pages.explanation(doubt),
        category=_("统计数据"),
        source="figures",
        goal=_("查明两个数的口径和来源，书面说明；确有错误的，按修订程序另登新版，旧数保留。"),
        origin=doubt,
        note=note,
    )
    facts.mark_raised(doubt, by=by, thing=finding)
    return finding


@transaction.atomic
def raise_from_opinion(opinion: Opinion, *, by: Post, note: str = "") -> Finding:
    """由公众意见提出问题：意见随即办理，答复里写明编号；联系方式抹去，不进台账。"""
    finding = ledger.raise_finding(
        by=by,
        title=opinion.text,
        description=_("对“%(headline)s”的公众意见：%(text)s")
        % {"headline": opinion.release.headline, "text": opinion.text},
        category=_("群众意见"),
        source="public",
        origin=opinion,
        note=note,
    )
    answer = _("已列为问题，编号 %(number)s。") % {"number": finding.number}
    press.settle(opinion, by=by, answer=answer, state="raised")
    return finding
