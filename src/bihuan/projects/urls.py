"""Addresses of this room."""

from django.urls import path

from bihuan.projects.views import acting, estimates, library, reading

app_name = "projects"
urlpatterns = [
    path("", reading.index, name="index"),
    path("enter/", acting.enter, name="enter"),
    path("batches/", reading.batches, name="batches"),
    path("key/", reading.key, name="key"),
    path("key/<int:year>/", reading.key, name="key-of"),
    path("key/<int:year>/figures/", acting.record_year, name="key-figures"),
    path("filings/", reading.filings, name="filings"),
    path("filings/<int:year>/<int:month>/", reading.filings, name="filings-of"),
    path("weekly/", reading.weekly, name="weekly"),
    path("blockages/", reading.blockages, name="blockages"),
    path("levelling/", estimates.levelling, name="levelling"),
    path("library/", library.library, name="library"),
    path("library/steps/add/", library.add_step_rule, name="add-step-rule"),
    path("library/steps/<slug:code>/", library.step_rule, name="step-rule"),
    path("library/tables/<slug:code>/", library.table, name="table"),
    path("<int:pk>/", reading.project, name="project"),
    path("<int:pk>/preliminary/", reading.work, name="work"),
    path("<int:pk>/preliminary/<int:step>/", reading.work_step, name="work-step"),
    path("<int:pk>/progress/", reading.progress, name="progress"),
    path("<int:pk>/plans/", reading.plans, name="plans"),
    path("<int:pk>/plans/<int:plan>/", reading.plan, name="plan"),
    path("<int:pk>/plans/<int:plan>/risk/", estimates.risk, name="plan-risk"),
    path("<int:pk>/plans/<int:plan>/crews/", estimates.crews, name="plan-crews"),
    path("<int:pk>/history/", reading.history, name="history"),
    path("<int:pk>/files/<int:version>/", reading.file, name="file"),
    path("<int:pk>/raise/<slug:kind>/<slug:key>/", acting.raise_issue, name="raise"),
    path("<int:pk>/do/<slug:name>/", acting.act, name="act"),
    path("<int:pk>/do/<slug:name>/<int:thing>/", acting.act, name="act-on"),
]
