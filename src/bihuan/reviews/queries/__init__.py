"""Questions of this room: who may see a meeting at all, and what stands where in it."""

from bihuan.reviews.queries.before import (
    blank_talks,
    box_texts_taken,
    opinions_for,
    talk_of,
    talks_held,
    unsorted,
)
from bihuan.reviews.queries.choices import (
    bodies,
    clerks_to_choose,
    guides_to_choose,
    heads_to_choose,
    lower_units,
    members_to_choose,
)
from bihuan.reviews.queries.library import (
    rule_history,
    setting,
    template,
    template_history,
    templates,
)
from bihuan.reviews.queries.papers import draft_of, papers, unpassed, versions
from bihuan.reviews.queries.readiness import (
    blank_criticism_sentences,
    blank_talk_sentences,
    in_the_way,
    late_steps,
    not_ready,
    open_of_ledger,
    overdue_lower,
    steps,
)
from bihuan.reviews.queries.seeing import own_meetings, place, things, visible_to
from bihuan.reviews.queries.sitting import (
    blank_criticisms,
    criticisms,
    current_item,
    findings,
    head_count,
    quorum,
    seats,
    seats_in_doubt,
)
from bihuan.reviews.queries.writing import writing, written_or_drafted

__all__ = [
    "blank_criticism_sentences",
    "blank_criticisms",
    "blank_talk_sentences",
    "blank_talks",
    "bodies",
    "box_texts_taken",
    "clerks_to_choose",
    "criticisms",
    "current_item",
    "draft_of",
    "findings",
    "guides_to_choose",
    "head_count",
    "heads_to_choose",
    "in_the_way",
    "late_steps",
    "lower_units",
    "members_to_choose",
    "not_ready",
    "open_of_ledger",
    "opinions_for",
    "overdue_lower",
    "own_meetings",
    "papers",
    "place",
    "quorum",
    "rule_history",
    "seats",
    "seats_in_doubt",
    "setting",
    "steps",
    "talk_of",
    "talks_held",
    "template",
    "template_history",
    "templates",
    "things",
    "unpassed",
    "unsorted",
    "versions",
    "visible_to",
    "writing",
    "written_or_drafted",
]
