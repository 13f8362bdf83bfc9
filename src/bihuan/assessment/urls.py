"""Addresses of this room."""

from django.urls import path

from bihuan.assessment import views

app_name = "assessment"
urlpatterns = [
    path("", views.index, name="index"),
    path("schemes/", views.schemes, name="schemes"),
    path("schemes/<int:pk>/", views.scheme, name="scheme"),
    path("schemes/<int:pk>/weights/", views.weights, name="weights"),
    path("schemes/<int:pk>/method/", views.method, name="method"),
    path("schemes/<int:pk>/node/", views.node, name="node"),
    path("schemes/<int:pk>/copy/", views.copy, name="copy"),
    path("open/", views.open_round, name="open"),
    path("<int:pk>/", views.a_round, name="round"),
    path("<int:pk>/take/", views.take, name="take"),
    path("<int:pk>/declare/<slug:code>/", views.declare, name="declare"),
    path("<int:pk>/peers/", views.load_peers, name="peers"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/send-back/", views.send_back, name="send-back"),
    path("<int:pk>/freeze/", views.freeze, name="freeze"),
    path("<int:pk>/point/", views.point, name="point"),
    path("<int:pk>/run/", views.start_run, name="start-run"),
    path("<int:pk>/raise/<slug:rule>/<slug:code>/", views.raise_conflict, name="raise-conflict"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/audit/", views.audit, name="audit"),
    path("runs/<int:pk>/<slug:code>/", views.entrant, name="entrant"),
    path("runs/<int:pk>/<slug:code>/move/", views.move, name="move"),
    path("runs/<int:pk>/<slug:code>/what-if/", views.what_if, name="what-if"),
    path("runs/<int:pk>/<slug:code>/goal/", views.goal, name="goal"),
    path("runs/<int:pk>/<slug:code>/report/", views.report, name="report"),
    path(
        "runs/<int:pk>/<slug:code>/raise/<slug:kind>/<slug:node>/",
        views.raise_issue,
        name="raise",
    ),
]
