"""Addresses of the projects room; each part has its own list."""

from django.urls import include, path

from preau.projects.urls import filing as urls_filing
from preau.projects.urls import help as urls_help
from preau.projects.urls import impact as urls_impact
from preau.projects.urls import pair as urls_pair
from preau.projects.urls import sheet as urls_sheet

app_name = "projects"
urlpatterns = [
    path("", include(urls_filing)),
    path("", include(urls_pair)),
    path("", include(urls_help)),
    path("", include(urls_impact)),
    path("", include(urls_sheet)),  # last: it holds /projets/<key>/
]
