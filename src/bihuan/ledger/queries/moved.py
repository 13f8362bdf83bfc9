"""What others did to a finding after somebody opened its page."""

from django.utils.translation import gettext as _

from bihuan.audit import pages as audit_pages
from bihuan.audit import queries as audit
from bihuan.ledger import rules
from bihuan.ledger.models import Finding
from bihuan.people.models import Post

_TOLD = 5


def in_the_way(finding: Finding, step: str, *, by: Post, seen: int | None) -> list[str]:
    """What happened since the revision that stood on the page, if it stands in a step's way.

    A line of progress or a piece of evidence only adds: what somebody else did meanwhile is no
    reason to send it again. The same one sent twice is.
    """
    if seen is None or finding.revision == seen:
        return []
    acts = max(1, min(finding.revision - seen, _TOLD))
    newest = list(audit.of(finding).order_by("-seq")[:acts])
    if step in rules.ADDING and all(one.actor_person_id != by.person_id for one in newest):
        return []
    return [
        _("在您打开页面之后，%(who)s已经“%(act)s”。请看最新的状态再办理。")
        % {"who": one.actor, "act": audit_pages.sentence(one.act)}
        for one in reversed(newest)
    ]
