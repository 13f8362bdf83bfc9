"""What the pages of this room show: frozen data built from questions, and a table of acts."""

from bihuan.reviews.pages import (
    acts,
    after,
    before,
    detail,
    listing,
    papers,
    people,
    sheets,
    sitting,
)

__all__ = ["acts", "after", "before", "detail", "listing", "papers", "people", "sheets", "sitting"]
