"""Addresses of this room."""

from django.urls import path

from bihuan.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.index, name="index"),
    path("start/", views.start, name="start"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/stop/", views.stop, name="stop"),
]
