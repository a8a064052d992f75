"""Addresses of the initiatives room; each subject has its own list."""

from django.urls import include, path

app_name = "initiatives"
urlpatterns = [
    path("", include(f"preau.initiatives.urls.{subject}"))
    for subject in ("calls", "kits", "workshops", "campaigns", "listings", "stories")
]
