"""Addresses of this room."""

from django.urls import path

from bihuan.days import views

app_name = "days"
urlpatterns = [
    path("", views.index, name="index"),
    path("count/", views.count, name="count"),
    path("limits/", views.limits, name="limits"),
    path("limits/<slug:code>/", views.limit, name="limit"),
    path("<int:year>/", views.year, name="year"),
    path("<int:year>/enter/", views.enter, name="enter"),
    path("<int:year>/confirm/", views.confirm, name="confirm"),
    path("<int:year>/mark/", views.mark, name="mark"),
]
