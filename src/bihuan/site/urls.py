"""All addresses of the house."""

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from bihuan.audit import views as audit_views
from bihuan.people.access import needs
from bihuan.press.urls import face as press_face
from bihuan.site import home, public_roads

audit = (
    [
        path("", needs("audit.view")(audit_views.index), name="index"),
        path("export/", needs("audit.view")(audit_views.export), name="export"),
    ],
    "audit",
)

urlpatterns = [
    path("", home.overview, name="overview"),
    # Nobody is harmed by a foreign page that changes a language: without a token a page for
    # strangers holds nothing of whoever asked first, and may be kept for everybody.
    path("language/", csrf_exempt(set_language), name="language"),
    path("patterns/", home.patterns, name="patterns"),
    path("zone/", home.zone, name="zone"),
    path("zone/doubts/<int:pk>/raise/", home.raise_from_doubt, name="raise-from-doubt"),
    # The doubt's page belongs to `facts`; here it gets the button that leads upstairs.
    path("facts/doubts/<int:pk>/", home.doubt),
    path("facts/", include("bihuan.facts.urls")),
    path("ledger/", include("bihuan.ledger.urls")),
    path("press/opinions/<int:pk>/raise/", home.raise_from_opinion, name="raise-from-opinion"),
    path("press/", include("bihuan.press.urls")),
    path("public/roads/", public_roads.roads, name="public-roads"),
    path("public/roads.<slug:kind>", public_roads.roads_data, name="public-roads-data"),
    path("public/", include(press_face)),
    path("assessment/", include("bihuan.assessment.urls")),
    path("meetings/", include("bihuan.meetings.urls")),
    path("reviews/", include("bihuan.reviews.urls")),
    path("projects/", include("bihuan.projects.urls")),
    path("designs/", include("bihuan.designs.urls")),
    path("roads/", include("bihuan.roads.urls")),
    path("fleet/", include("bihuan.fleet.urls")),
    path("winter/", include("bihuan.winter.urls")),
    path("snow/", include("bihuan.snow.urls")),
    path("b/", include("bihuan.ballots.urls")),  # short: it stands on every slip
    path("people/", include("bihuan.people.urls")),
    path("days/", include("bihuan.days.urls")),
    path("jobs/", include("bihuan.jobs.urls")),
    path("audit/", include(audit)),
]

handler400 = "bihuan.site.faults.bad_request"
handler403 = "bihuan.site.faults.not_allowed"
handler404 = "bihuan.site.faults.not_found"
handler500 = "bihuan.site.faults.our_fault"
