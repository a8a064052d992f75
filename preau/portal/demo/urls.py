from django.urls import path

from preau.portal.demo import views

urlpatterns = [
    path("", views.personas, name="demo"),
    path("entrer/<slug:key>/", views.become, name="become"),
]
