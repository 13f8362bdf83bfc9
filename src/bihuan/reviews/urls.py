"""Addresses of this room."""

from django.urls import path

from bihuan.reviews.views import acting, library, reading

app_name = "reviews"
urlpatterns = [
    path("", library.index, name="index"),
    path("prepare/", library.prepare, name="prepare"),
    path("library/", library.library, name="library"),
    path("library/steps/<slug:code>/", library.template, name="template"),
    path("library/rules/<slug:code>/", library.rule, name="rule"),
    path("<int:pk>/", reading.review, name="review"),
    path("<int:pk>/people/", reading.people, name="people"),
    path("<int:pk>/steps/<int:step>/", reading.step, name="step"),
    path("<int:pk>/documents/<int:document>/", reading.document, name="document"),
    path("<int:pk>/opinions/", reading.opinions, name="opinions"),
    path("<int:pk>/talks/", reading.talks, name="talks"),
    path("<int:pk>/talks/<int:talk>/", reading.talk, name="talk"),
    path("<int:pk>/papers/", reading.papers, name="papers"),
    path("<int:pk>/papers/<int:paper>/", reading.paper, name="paper"),
    path("<int:pk>/papers/<int:paper>/draft/file/", reading.draft_file, name="draft-file"),
    path("<int:pk>/papers/<int:paper>/<int:number>/file/", reading.paper_file, name="paper-file"),
    path("<int:pk>/agenda/", reading.agenda, name="agenda"),
    path("<int:pk>/record/", reading.record, name="record"),
    path("<int:pk>/problems/", reading.problems, name="problems"),
    path("<int:pk>/lower/", reading.lower, name="lower"),
    path("<int:pk>/print/", reading.sheets, name="sheets"),
    path("<int:pk>/print/<slug:kind>/", reading.sheet, name="sheet"),
    path("<int:pk>/print/<slug:kind>/sheet.pdf", reading.sheet_pdf, name="sheet-pdf"),
    path("<int:pk>/log/", reading.log, name="log"),
    path("<int:pk>/do/<slug:name>/", acting.act, name="act"),
    path("<int:pk>/do/<slug:name>/<int:thing>/", acting.act, name="act-on"),
]
