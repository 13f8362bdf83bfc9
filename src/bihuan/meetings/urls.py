"""Addresses of this room."""

from django.urls import path

from bihuan.meetings.views import after, before, during, papers

app_name = "meetings"
urlpatterns = [
    path("", before.index, name="index"),
    path("open/", before.open_round, name="open"),
    path("<int:pk>/", before.meeting, name="meeting"),
    path("<int:pk>/act/<slug:name>/", during.act, name="act"),
    path("<int:pk>/plan/", before.plan, name="plan"),
    path("<int:pk>/plan/act/<slug:name>/", before.plan_act, name="plan-act"),
    path("<int:pk>/plan/part/<slug:part>/", before.plan_part, name="plan-part"),
    path("<int:pk>/plan.pdf", papers.plan, name="plan-paper"),
    path("<int:pk>/notice.pdf", papers.notice, name="notice-paper"),
    path("<int:pk>/meeting.ics", papers.appointments, name="appointments"),
    path("<int:pk>/papers/", before.papers, name="papers"),
    path("<int:pk>/papers/material/", before.material, name="material"),
    path("<int:pk>/papers/<int:material>/", before.material_file, name="material-file"),
    path("<int:pk>/guests/", before.invite, name="invite"),
    path("<int:pk>/guests/<int:guest>/end/", before.end_guest, name="end-guest"),
    path("<int:pk>/roll/", before.roll, name="roll"),
    path("<int:pk>/roll/set/", before.set_roll, name="set-roll"),
    path("<int:pk>/roll/seal/", before.seal_box, name="seal-box"),
    path("<int:pk>/rehearsal/", during.rehearsal, name="rehearsal"),
    path("<int:pk>/hall/", during.hall, name="hall"),
    path("<int:pk>/agenda.pdf", papers.agenda, name="agenda-paper"),
    path("<int:pk>/results/", after.results, name="results"),
    path("<int:pk>/results.pdf", papers.results, name="result-paper"),
    path("<int:pk>/grades/", after.grades, name="grades"),
    path("<int:pk>/grades/part/<slug:part>/", after.enter_part, name="enter-part"),
    path("<int:pk>/grades/<slug:code>/", after.decide, name="decide"),
    path("<int:pk>/follow/", after.follow, name="follow"),
    path("<int:pk>/follow/speech/", after.speech, name="speech"),
    path("<int:pk>/follow/requirements/", after.requirements, name="requirements"),
    path("<int:pk>/follow/requirements/<int:number>/general/", after.general, name="general"),
    path("<int:pk>/follow/uses/<int:use>/", after.use, name="use"),
    path(
        "<int:pk>/follow/raise/<slug:code>/<slug:kind>/<slug:key>/",
        after.raise_issue,
        name="raise",
    ),
    path("<int:pk>/units/<slug:code>/", before.reporter, name="reporter"),
    path("<int:pk>/units/<slug:code>/hand-in/", before.hand_in, name="hand-in"),
    path("<int:pk>/units/<slug:code>/receipts/<int:number>/", before.receipt, name="receipt"),
    path(
        "<int:pk>/units/<slug:code>/reports/<int:number>/", before.report_file, name="report-file"
    ),
    path("<int:pk>/units/<slug:code>/call-on/", during.call_on, name="call-on"),
    path("<int:pk>/units/<slug:code>/finish/", during.finish_report, name="finish-report"),
    path("<int:pk>/units/<slug:code>/pass-over/", during.pass_over, name="pass-over"),
    path("<int:pk>/units/<slug:code>/comment/", during.comment, name="comment"),
    path("<int:pk>/units/<slug:code>/letter/", after.letter, name="letter"),
    path("<int:pk>/units/<slug:code>/letter/sign/", after.sign_letter, name="sign-letter"),
    path("<int:pk>/units/<slug:code>/letter.pdf", papers.letter, name="letter-paper"),
]
