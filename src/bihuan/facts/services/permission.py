"""The one question before every verb of this room: may this post do that?"""

from bihuan.people import queries as people_queries
from bihuan.people.models import Post, Unit


def require(by: Post | None, verb: str, *, at: Unit | None = None) -> None:
    if by is not None:
        people_queries.require(by, verb, at=at)
