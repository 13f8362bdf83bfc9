"""Things of all rooms that a release may be drafted from: the only place that knows both.

Each kind says which of its things a post may choose, how the text begins, and which public figures
the thing has. What `press` calls forbidden is refused there, whatever is declared here.
"""

from bihuan.press import queries as press
from bihuan.site.things import meetings, projects, snow, zone


def declare() -> None:
    """Make the kinds known to `press`, by the labels of their nouns."""
    for kinds in (snow.THINGS, meetings.THINGS, projects.THINGS, zone.THINGS):
        for label, thing in kinds.items():
            press.declare_thing(label, thing)
