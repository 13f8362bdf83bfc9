"""Questions of this room."""

from bihuan.press.queries.checking import checked, release_checked, stored
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
    private_sentences,
    published,
    releases_for,
    steps,
    zone_name,
)
from bihuan.press.queries.things import Offer, Thing, Told, declare_thing, offers, thing
from bihuan.press.queries.voice import asking, is_asking, opinion_for, opinions

__all__ = [
    "Disclosure",
    "Offer",
    "Thing",
    "Told",
    "asking",
    "checked",
    "correction_of",
    "declare_thing",
    "disclosure",
    "is_asking",
    "may_pass",
    "newest_templates",
    "next_serial",
    "offers",
    "opinion_for",
    "opinions",
    "papers_for",
    "private_sentences",
    "published",
    "release_checked",
    "releases_for",
    "shipped",
    "steps",
    "stored",
    "template",
    "templates",
    "thing",
    "zone_name",
]
