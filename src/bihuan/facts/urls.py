"""Addresses of this room."""

from django.urls import path

from bihuan.facts.views import definitions, doubts, figures, submissions

app_name = "facts"
urlpatterns = [
    path("", figures.index, name="index"),
    path("export.<slug:kind>", figures.export, name="export"),
    path("record/", figures.record, name="record"),
    path("import/", figures.import_file, name="import"),
    path("observations/<int:pk>/", figures.observation, name="observation"),
    path("observations/<int:pk>/revise/", figures.revise, name="revise"),
    path("doubts/", doubts.doubts, name="doubts"),
    path("doubts/<int:pk>/", doubts.doubt, name="doubt"),
    path("doubts/<int:pk>/settle/", doubts.settle, name="settle"),
    path("indicators/", definitions.indicators, name="indicators"),
    path("indicators/define/", definitions.define_indicator, name="define-indicator"),
    path("indicators/<int:pk>/", definitions.indicator, name="indicator"),
    path("indicators/<int:pk>/define/", definitions.change_indicator, name="change-indicator"),
    path("frameworks/", definitions.frameworks, name="frameworks"),
    path("frameworks/define/", definitions.define_framework, name="define-framework"),
    path("frameworks/<int:pk>/", definitions.framework, name="framework"),
    path("frameworks/<int:pk>/define/", definitions.change_framework, name="change-framework"),
    path("frameworks/<int:pk>/group/", definitions.define_group, name="define-group"),
    path("terms/", definitions.terms, name="terms"),
    path("terms/define/", definitions.define_term, name="define-term"),
    path("terms/<int:pk>/", definitions.term, name="term"),
    path("terms/<int:pk>/define/", definitions.change_term, name="change-term"),
    path("terms/<int:pk>/retire/", definitions.retire_term, name="retire-term"),
    path("submissions/", submissions.submissions, name="submissions"),
    path("submissions/open/", submissions.open_submission, name="open"),
    path("submissions/<int:pk>/", submissions.submission, name="submission"),
    path("submissions/<int:pk>/fill/", submissions.fill, name="fill"),
    path("submissions/<int:pk>/paste/", submissions.paste, name="paste"),
    path("submissions/<int:pk>/confirm/", submissions.confirm, name="confirm"),
    path("submissions/<int:pk>/submit/", submissions.submit, name="submit"),
    path("submissions/<int:pk>/drop/", submissions.drop, name="drop"),
    path("submissions/<int:pk>/accept/", submissions.accept, name="accept"),
    path("submissions/<int:pk>/send-back/", submissions.send_back, name="send-back"),
]
