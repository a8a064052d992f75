"""Addresses of the projects room; each part has its own list."""

from django.urls import include, path

from preau.projects import urls_filing, urls_help, urls_impact, urls_pair, urls_sheet

app_name = "projects"
urlpatterns = [
    path("", include(urls_filing)),
    path("", include(urls_pair)),
    path("", include(urls_help)),
    path("", include(urls_impact)),
    path("", include(urls_sheet)),  # last: it holds /projets/<key>/
]
