"""Papers (文书): plain facts → a document of parts → PDF. What a room prints is built here.

`document` has the parts, `printing` makes the PDF; each of the other files lays out one kind of
paper from its own frozen dataclasses. The fixed words of a paper are Chinese, as the office signs
them. Nothing here knows the web framework, a database, a clock or where the fonts lie.
"""

from bihuan.exchange.paper.document import Document
from bihuan.exchange.paper.glyphs import Unprintable
from bihuan.exchange.paper.printing import pdf

__all__ = ["Document", "Unprintable", "pdf"]
