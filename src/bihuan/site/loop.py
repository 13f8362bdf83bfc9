"""The verb that no single room can do: a doubt about a figure becomes a finding in the ledger."""

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
