"""Addresses of this room."""

from django.urls import path

from bihuan.people import views

app_name = "people"
urlpatterns = [
    path("units/", views.sign_out, name="units"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="password"),
    path("act-as/", views.act_as, name="act-as"),
]
