from django.urls import path

from preau.portal.notices import views

urlpatterns = [
    path("", views.mine, name="notices"),
    path("<int:notice_id>/ouvrir/", views.open_notice, name="notice_open"),
    path("tout-lire/", views.read_all, name="notices_read_all"),
    path("preferences/", views.preferences, name="notice_preferences"),
    path("desabonnement/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
