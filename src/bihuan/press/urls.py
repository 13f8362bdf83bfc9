"""Addresses of this room: the offices' and the public's."""

from django.urls import path

from bihuan.press.views import office, public

app_name = "press"
urlpatterns = [
    path("", office.index, name="index"),
    path("write/", office.write, name="write"),
    path("from/", office.from_record, name="from"),
    path("opinions/<int:pk>/", office.opinion, name="opinion"),
    path("check/", office.check, name="check"),
    path("papers/", office.papers, name="papers"),
    path("papers/<int:pk>/", office.paper, name="paper"),
    path("papers/<int:pk>/issue/", office.issue, name="paper-issue"),
    path("papers/<int:pk>/void/", office.void, name="paper-void"),
    path("papers/<int:pk>/file.<slug:kind>", office.paper_file, name="paper-file"),
    path("templates/", office.templates, name="templates"),
    path("templates/<slug:kind>/", office.template, name="template"),
    path("templates/<slug:kind>/file.txt", office.template_file, name="template-file"),
    path("<int:pk>/", office.release, name="release"),
    path("<int:pk>/correct/", office.correct, name="correct"),
    path("<int:pk>/<slug:name>/", office.act, name="release-act"),
]

face = (
    [
        path("", public.index, name="index"),
        path("feed.atom", public.feed, name="feed"),
        path("figures.<slug:kind>", public.figures, name="figures"),
        path("roots/", public.roots, name="roots"),
        path("<slug:slug>/", public.release, name="release"),
        path("<slug:slug>/say/", public.say, name="say"),
    ],
    "public",
)
