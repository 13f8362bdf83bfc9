"""Check materials: whose, in which state. Texts are handed out by `services.reading` only."""

from django.db.models import QuerySet

from bihuan.reviews.models import Draft, Paper, PaperVersion, Review


def papers(review: Review) -> QuerySet[Paper]:
    """The body's paper, then each member's in order of the body."""
    return review.papers.select_related("seat__post__person", "review__body").order_by(
        "kind", "seat__order", "pk"
    )


def versions(paper: Paper) -> QuerySet[PaperVersion]:
    """What was submitted, newest first, with what the guidance group said of it."""
    return paper.versions.select_related(
        "judged__by__person", "judged__by__unit", "by__person", "by__unit", "version"
    ).order_by("-number")


def draft_of(paper: Paper) -> Draft | None:
    """The draft, if there is one. Whoever asks must have asked `Place.sees_draft` first."""
    return Draft.objects.select_related("version").filter(paper=paper).first()


def unpassed(review: Review) -> list[Paper]:
    """Papers that the guidance group has not passed yet."""
    return [paper for paper in papers(review) if paper.state != "passed"]
