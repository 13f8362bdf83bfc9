"""Addresses of this room."""

from django.urls import path

from bihuan.snow.views import event, live, phone, plan, tables

app_name = "snow"
urlpatterns = [
    path("", event.shown("room"), name="index"),
    path("events/<int:pk>/", event.shown("storm"), name="storm"),
    path("orders/<int:pk>/", event.shown("order"), name="order"),
    path("situations/<int:pk>/", event.shown("situation"), name="situation"),
    path("inspections/<int:pk>/", event.shown("inspection"), name="inspection"),
    path("reviews/<int:pk>/", event.shown("review"), name="review"),
    path("replays/<int:pk>/", event.replay, name="replay"),
    path("plans/", event.shown("readiness"), name="plans"),
    path("plans/<int:pk>/", event.shown("plan"), name="plan"),
    path("plans/<int:pk>/ways.json", plan.ways, name="plan-ways"),
    path("plans/<int:pk>/vehicles/<int:number>/", plan.driver, name="plan-sheet"),
    path("plans/<int:pk>/files/<slug:name>/", plan.file, name="plan-file"),
    path("whatifs/<int:pk>/", event.shown("whatif"), name="whatif"),
    path("act/<slug:kind>/<int:pk>/<slug:name>/", event.act, name="act"),
    path("tables/", event.shown("tables"), name="tables"),
    path("tables/<slug:code>/", tables.table, name="table"),
    path("photos/<slug:kind>/<int:pk>/", event.photo, name="photo"),
    path("live/", live.page, name="live"),
    path("live/network.json", live.network, name="live-network"),
    path("live/changes.json", live.changes, name="live-changes"),
    path("phone/", phone.page, name="phone"),
    path("phone/report/", phone.report, name="phone-report"),
    path("phone/tasks/<int:pk>/done/", phone.done, name="phone-done"),
    path("phone/worker.js", phone.worker, name="phone-worker"),
]
