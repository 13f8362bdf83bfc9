"""The comparison of versions, as the room of jobs carries it out."""

from bihuan import __version__
from bihuan.base.text import zh
from bihuan.designs.services import comparing
from bihuan.jobs import services as jobs


def declare() -> None:
    """Make it known to the room of jobs."""
    jobs.declare(
        comparing.KIND,
        comparing.work,
        label=zh("方案版本比对"),
        verb="designs.view",
        version=__version__,
        then=comparing.note_done,
    )
