"""Addresses of this room."""

from django.urls import path

from bihuan.snow.views import live, phone

app_name = "snow"
urlpatterns = [
    path("live/", live.page, name="live"),
    path("live/network.json", live.network, name="live-network"),
    path("live/changes.json", live.changes, name="live-changes"),
    path("phone/", phone.page, name="phone"),
    path("phone/report/", phone.report, name="phone-report"),
    path("phone/tasks/<int:pk>/done/", phone.done, name="phone-done"),
    path("phone/worker.js", phone.worker, name="phone-worker"),
]
