"""Questions about jobs."""

from django.db.models import Q, QuerySet

from bihuan.jobs import rules
from bihuan.jobs.models import Job
from bihuan.people import queries as people
from bihuan.people.models import Post


def newest(*, unfinished: bool = False) -> QuerySet[Job]:
    """All jobs, newest first: for whoever sits at the server."""
    jobs = Job.objects.select_related("by__person", "by__unit").order_by("-pk")
    return jobs.filter(state__in=rules.UNFINISHED) if unfinished else jobs


def visible_to(by: Post) -> QuerySet[Job]:
    """Jobs this post may see: all with "jobs.view", else those the same person started."""
    jobs = newest()
    return jobs if people.may(by, "jobs.view") else jobs.filter(by__person=by.person_id)


def may_stop(job: Job, by: Post) -> bool:
    """Whoever started a job may stop it, and whoever holds "jobs.stop"."""
    own = job.by is not None and job.by.person_id == by.person_id
    return own or people.may(by, "jobs.stop")


def stop_is_wanted(pk: int) -> bool:
    """Has somebody asked this job to stop?"""
    return Job.objects.filter(pk=pk, wanted_stop=True).exists()


def unfinished_of(process: str) -> QuerySet[Job]:
    """Jobs that one process took on and has not ended."""
    return Job.objects.filter(state__in=rules.UNFINISHED, process=process)


def left_behind(process: str) -> QuerySet[Job]:
    """Unfinished jobs of other processes: at the start of a server, of one that has ended."""
    return Job.objects.filter(~Q(process=process), state__in=rules.UNFINISHED)
