"""What the templates of this room may show."""

from bihuan.designs.pages import (
    acts,
    listing,
    meeting,
    opinion,
    papers,
    public,
    scheme,
    version,
    viewer,
)

__all__ = [
    "acts",
    "listing",
    "meeting",
    "opinion",
    "papers",
    "public",
    "scheme",
    "version",
    "viewer",
]
