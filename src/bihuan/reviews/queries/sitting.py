"""Members, attendance, the agenda, criticism, and the findings that came of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger import queries as ledger
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.reviews import rules
from bihuan.reviews.models import AgendaItem, Criticism, Review, Seat


def seats(review: Review) -> list[Seat]:
    """The members in the order of the body, its head first."""
    found = review.seats.select_related("post__person", "post__unit")
    return list(found.order_by("-head", "order", "pk"))


def seats_in_doubt(review: Review) -> list[str]:
    """Members whose post does not hold on the day of the meeting, one sentence each."""
    return [
        _("“%(member)s”的任职在 %(day)s 不在有效期内。请核对名单。")
        % {"member": seat.label(), "day": clock.in_words(review.date)}
        for seat in seats(review)
        if not people.holds(seat.post, review.date)
    ]


@dataclass(frozen=True)
class Quorum:
    """应到、实到、缺席、未核对各几人，最少要几人，够不够。"""

    due: int
    present: int
    absent: int
    needed: int
    met: bool

    @property
    def unknown(self) -> int:
        return self.due - self.present - self.absent


def head_count(found: list[Seat], attendance: str) -> int:
    """How many members have this attendance."""
    return sum(seat.attendance == attendance for seat in found)


def quorum(review: Review) -> Quorum:
    """Attendance against the quorum kept with the meeting."""
    found = seats(review)
    part, whole = review.quorum_part, review.quorum_whole
    present = head_count(found, "present")
    return Quorum(
        due=len(found),
        present=present,
        absent=head_count(found, "absent"),
        needed=rules.needed(len(found), part, whole),
        met=rules.quorum_met(present, len(found), part, whole),
    )


def current_item(review: Review) -> AgendaItem | None:
    """The first item of the agenda that is neither done nor skipped."""
    waiting = review.agenda.filter(state="pending").order_by("number")
    return waiting.select_related("seat__post__person", "review").first()


def criticisms(review: Review) -> list[Criticism]:
    """What holds: records that were not corrected by a later one, oldest first."""
    people_of = ("source__post__person", "target__post__person")
    found = review.criticisms.filter(replaced__isnull=True).select_related(*people_of)
    return list(found.order_by("pk"))


def blank_criticisms(review: Review) -> list[tuple[Seat, Seat]]:
    """Who of those present has not criticised whom of those present."""
    here = [seat for seat in seats(review) if seat.attendance == "present"]
    said = set(review.criticisms.values_list("source", "target"))
    return [(a, b) for a, b in rules.criticism_cells(here) if (a.pk, b.pk) not in said]


def findings(review: Review) -> dict[int, Finding]:
    """The finding of each problem that is in the ledger, by the problem's key."""
    found = ledger.of_origins(list(review.problems.all()))
    return {int(key): finding for key, finding in found.items()}
