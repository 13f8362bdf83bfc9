"""Addresses of this room."""

from django.urls import path

from bihuan.roads import views

app_name = "roads"
urlpatterns = [
    path("", views.index, name="index"),
    path("load/", views.load, name="load"),
    path("sections/<slug:code>/", views.section, name="section"),
]
