"""Addresses of links with outside services."""

from django.urls import path

from preau.connectors.procedures.addresses import addresses
from preau.connectors.views import watching

app_name = "connectors"
urlpatterns = [
    path("services-exterieurs/", watching.service_list, name="services"),
    path("services-exterieurs/<slug:service_key>/", watching.service, name="service"),
    path("services-exterieurs/<slug:service_key>/essayer/", watching.service_try, name="try"),
    *addresses,
]
