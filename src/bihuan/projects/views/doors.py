"""The door of every page of one project: whoever may not see it finds nothing."""

from django.shortcuts import get_object_or_404

from bihuan.people.access import Asked, needs
from bihuan.projects import queries
from bihuan.projects.models import Project

inside = needs("projects.view")
DETAIL = "ui/detail.html"


def visible(request: Asked, pk: int) -> Project:
    """The project, if it exists for this post."""
    found = queries.visible_to(request.post).select_related(
        "unit", "leader__person", "leader__unit", "coordinator__person", "coordinator__unit"
    )
    return get_object_or_404(found, pk=pk)
