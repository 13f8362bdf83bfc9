"""Addresses of this room."""

from django.urls import path

from bihuan.assessment.views import entrants, rounds, runs, schemes

app_name = "assessment"
_RULE = "schemes/<int:pk>/rules/<slug:code>/"
_NODE = "schemes/<int:pk>/nodes/<slug:code>/"
_ONE = "runs/<int:pk>/<slug:code>/"
urlpatterns = [
    path("", rounds.index, name="index"),
    path("entrants/", entrants.entrants, name="entrants"),
    path("entrants/enter/", entrants.enter, name="enter"),
    path("entrants/of/<slug:code>/", entrants.who, name="who"),
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/<int:pk>/", schemes.scheme, name="scheme"),
    path("schemes/<int:pk>/weights/", schemes.weights, name="weights"),
    path("schemes/<int:pk>/method/", schemes.method, name="method"),
    path("schemes/<int:pk>/node/", schemes.node, name="node"),
    path("schemes/<int:pk>/copy/", schemes.copy, name="copy"),
    path("schemes/<int:pk>/rules/", schemes.rules, name="rules"),
    path(_RULE, schemes.rule, name="rule"),
    path(f"{_RULE}remove/", schemes.remove_rule, name="remove-rule"),
    path(_NODE, schemes.amend_node, name="amend-node"),
    path(f"{_NODE}remove/", schemes.remove_node, name="remove-node"),
    path("open/", rounds.open_round, name="open"),
    path("<int:pk>/", rounds.a_round, name="round"),
    path("<int:pk>/take/", rounds.take, name="take"),
    path("<int:pk>/declare/<slug:code>/", rounds.declare, name="declare"),
    path("<int:pk>/peers/", rounds.load_peers, name="peers"),
    path("<int:pk>/submit/", rounds.submit, name="submit"),
    path("<int:pk>/send-back/", rounds.send_back, name="send-back"),
    path("<int:pk>/freeze/", rounds.freeze, name="freeze"),
    path("<int:pk>/point/", rounds.point, name="point"),
    path("<int:pk>/run/", rounds.start_run, name="start-run"),
    path("<int:pk>/raise/<slug:rule>/<slug:code>/", rounds.raise_conflict, name="raise-conflict"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/audit/", runs.audit, name="audit"),
    path("runs/<int:pk>/results.<slug:kind>", runs.export, name="export"),
    path(_ONE, runs.entrant, name="entrant"),
    path(f"{_ONE}move/", runs.move, name="move"),
    path(f"{_ONE}what-if/", runs.what_if, name="what-if"),
    path(f"{_ONE}goal/", runs.goal, name="goal"),
    path(f"{_ONE}sensitivity/", runs.sensitivity, name="sensitivity"),
    path(f"{_ONE}report/", runs.report, name="report"),
    path(f"{_ONE}raise/<slug:kind>/<slug:node>/", runs.raise_issue, name="raise"),
]
