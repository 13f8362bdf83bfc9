"""Addresses of this room."""

from django.urls import path

from bihuan.facts import views

app_name = "facts"
urlpatterns = [
    path("", views.index, name="index"),
    path("record/", views.record, name="record"),
    path("import/", views.import_file, name="import"),
    path("doubts/", views.doubts, name="doubts"),
    path("doubts/<int:pk>/", views.doubt, name="doubt"),
    path("doubts/<int:pk>/settle/", views.settle, name="settle"),
    path("observations/<int:pk>/", views.observation, name="observation"),
    path("observations/<int:pk>/revise/", views.revise, name="revise"),
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/<int:pk>/", views.indicator, name="indicator"),
    path("frameworks/", views.frameworks, name="frameworks"),
    path("frameworks/<int:pk>/", views.framework, name="framework"),
    path("frameworks/<int:pk>/group/", views.define_group, name="define-group"),
    path("submissions/", views.submissions, name="submissions"),
    path("submissions/<int:pk>/", views.submission, name="submission"),
    path("submissions/<int:pk>/accept/", views.accept, name="accept"),
    path("submissions/<int:pk>/send-back/", views.send_back, name="send-back"),
    path("submissions/<int:pk>/submit/", views.submit, name="submit"),
]
