"""The house's addresses, with those of this room among them."""

from django.urls import include, path

from bihuan.site import urls as house

urlpatterns = [*house.urlpatterns, path("jobs/", include("bihuan.jobs.urls"))]
handler404 = house.handler404
