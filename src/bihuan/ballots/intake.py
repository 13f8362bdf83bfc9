"""A pasted roll as lines: names, categories and units as people write them."""

import re

from django.utils.translation import gettext as _

from bihuan.ballots.models import Poll
from bihuan.ballots.services import Line
from bihuan.base.errors import Refused
from bihuan.base.text import plain
from bihuan.people import queries as people

_BETWEEN = re.compile(r"[\t,，;；]")


def roll(poll: Poll, text: str) -> list[Line]:
    """Lines of a pasted roll. Raises Refused with every fault at once."""
    known = {}
    for category in poll.plan["categories"]:
        for word in (category["code"], category["name"], category.get("name_en", "")):
            known[plain(word)] = category["code"]
    lines, faults = [], []
    rows = [(n, row.strip()) for n, row in enumerate(text.splitlines(), start=1) if row.strip()]
    for number, row in rows:
        cells = [cell.strip() for cell in _BETWEEN.split(row)]
        name, category, unit_name = (*cells, "", "")[:3]
        code = known.get(plain(category), "")
        if not code:
            faults.append(
                _("第 %(n)d 行的类别“%(found)s”不在方案里。") % {"n": number, "found": category}
            )
        unit = people.unit_called(unit_name) if unit_name else None
        if unit_name and unit is None:
            faults.append(
                _("第 %(n)d 行的单位“%(found)s”没有认出来。") % {"n": number, "found": unit_name}
            )
        lines.append(Line(name, code, unit))
    if not rows:
        faults.append(_("名单是空的。"))
    if faults:
        raise Refused.all(faults)
    return lines
