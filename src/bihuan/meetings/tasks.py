"""The rehearsal, as the room of jobs carries it out."""

from bihuan import __version__
from bihuan.base.text import zh
from bihuan.jobs import services as jobs
from bihuan.meetings.services import rehearsal


def declare() -> None:
    """Make it known to the room of jobs."""
    jobs.declare(
        rehearsal.KIND,
        rehearsal.work,
        label=zh("测评会演练"),
        verb="meetings.run",
        version=__version__,
        then=rehearsal.note_done,
    )
