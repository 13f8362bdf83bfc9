"""Addresses of this room."""

from django.urls import path

from bihuan.ledger.views import api, bulk, findings, intake, notices, office, reading

app_name = "ledger"
urlpatterns = [
    path("", findings.index, name="index"),
    path("import/", intake.intakes, name="intakes"),
    path("import/<int:pk>/", intake.intake, name="intake"),
    path("import/<int:pk>/answer/", intake.answer, name="intake-answer"),
    path("import/<int:pk>/confirm/", intake.confirm, name="intake-confirm"),
    path("import/<int:pk>/drop/", intake.drop, name="intake-drop"),
    path("export/", intake.export, name="export"),
    path("export/into/", intake.export_into, name="export-into"),
    path("raise/", findings.raise_finding, name="raise"),
    path("mine/", reading.mine, name="mine"),
    path("units/<int:pk>/", reading.unit, name="unit"),
    path("leader/", reading.leader, name="leader"),
    path("bulletin/<int:year>/<int:month>/", reading.bulletin, name="bulletin"),
    path("statistics/", reading.statistics, name="statistics"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("tables/", office.tables, name="tables"),
    path("tables/<slug:code>/", office.table, name="table"),
    path("notices/", notices.index, name="notices"),
    path("notices/remind/", notices.remind, name="remind"),
    path("notices/print/", notices.printed, name="print-notices"),
    path("notices/approve/<int:pk>/", notices.approve, name="approve-notice"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/sign/", notices.sign, name="sign-notice"),
    path("samples/", office.samples, name="samples"),
    path("samples/<int:pk>/", office.sample, name="sample"),
    path("samples/<int:pk>/sample.json", office.sample_file, name="sample-file"),
    path("tokens/", office.tokens, name="tokens"),
    path("tokens/<int:pk>/end/", office.end_token, name="end-token"),
    path("api/", api.page, name="api"),
    path("api/v1/openapi.json", api.endpoint("/openapi.json")),
    path("api/v1/findings", api.endpoint("/findings")),
    path("api/v1/findings/<slug:number>", api.endpoint("/findings/{number}")),
    path("api/v1/findings/<slug:number>/evidence", api.endpoint("/findings/{number}/evidence")),
    path("api/v1/<path:rest>", api.endpoint("")),
    path("<int:pk>/", findings.finding, name="finding"),
    path("<int:pk>/evidence/<int:evidence>/", findings.evidence, name="evidence"),
    path("<int:pk>/<slug:name>/", findings.step, name="step"),
]
