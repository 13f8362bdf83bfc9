"""Every address as every role: what one may see opens, what one may not see is not found."""

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from bihuan.facts.models import Doubt, Indicator, Observation
from bihuan.ledger.models import Evidence, Finding
from bihuan.people.models import Account, Person, Role, Unit
from bihuan.site import demo

EVERYBODY = frozenset(account.username for account in demo.ACCOUNTS)
READERS = EVERYBODY - {"admin", "security", "auditor"}
LEDGER = READERS - {"viewer"}
DIRECTORY = EVERYBODY - {"viewer"}
POST_ONLY = "only by POST"
OPEN = "for strangers too"

# Every route of the house and who may open it. A new route fails the test until it stands here.
WHO: dict[str, object] = {}


def routes(patterns: list | None = None, prefix: str = "") -> dict[str, URLPattern]:
    found: dict[str, URLPattern] = {}
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns, route)
        else:
            found.setdefault(route, pattern)
    return found


def test_every_route_is_in_the_table():
    assert set(routes()) == set(WHO)
