"""Questions of this room."""

from bihuan.press.queries.checking import checked, stored
from bihuan.press.queries.papers import (
    newest_templates,
    next_serial,
    papers_for,
    shipped,
    template,
    templates,
)
from bihuan.press.queries.releases import (
    Disclosure,
    correction_of,
    disclosure,
    may_pass,
    published,
    releases_for,
    steps,
    zone_name,
)

__all__ = [
    "Disclosure",
    "checked",
    "correction_of",
    "disclosure",
    "may_pass",
    "newest_templates",
    "next_serial",
    "papers_for",
    "published",
    "releases_for",
    "shipped",
    "steps",
    "stored",
    "template",
    "templates",
    "zone_name",
]
