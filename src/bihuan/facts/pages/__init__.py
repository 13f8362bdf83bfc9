"""What this room's pages show. Split by subject; other rooms and the views look only here."""

from bihuan.facts.pages.definitions import (
    defining_framework,
    defining_indicator,
    defining_term,
    framework,
    frameworks,
    indicator,
    indicators,
    term,
    terms,
)
from bihuan.facts.pages.doubts import (
    doubt,
    doubt_state,
    doubts,
    doubts_table,
    explanation,
    severity_tag,
    title,
)
from bihuan.facts.pages.export import export_rows, export_words
from bihuan.facts.pages.figures import importing, index, observation, recording
from bihuan.facts.pages.listing import chart, in_one_line, table
from bihuan.facts.pages.submissions import (
    filling,
    opening,
    pasting,
    preview,
    submission,
    submissions,
)
from bihuan.facts.pages.zone import no_figures, zone_panels

__all__ = [
    "chart",
    "defining_framework",
    "defining_indicator",
    "defining_term",
    "doubt",
    "doubt_state",
    "doubts",
    "doubts_table",
    "explanation",
    "export_rows",
    "export_words",
    "filling",
    "framework",
    "frameworks",
    "importing",
    "in_one_line",
    "index",
    "indicator",
    "indicators",
    "no_figures",
    "observation",
    "opening",
    "pasting",
    "preview",
    "recording",
    "severity_tag",
    "submission",
    "submissions",
    "table",
    "term",
    "terms",
    "title",
    "zone_panels",
]
