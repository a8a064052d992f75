from django.conf import settings
from django.urls import include, path

from preau.portal import views
from preau.portal.service.views import service

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("proposer/", views.propose, name="propose"),
    path("piloter/", views.steer, name="steer"),
    path("plan-du-site/", views.site_map, name="site_map"),
    path("aide/", views.help_page, name="help"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("courriels/", include("preau.portal.mail.urls")),
    path("notifications/", include("preau.portal.notices.urls")),
    path("exploitation/", service, name="service"),
    path("sante/", views.health, name="health"),
]
if settings.IS_DEMO or settings.IS_TEST:
    urlpatterns += [
        path("demo/", include("preau.portal.demo.urls")),
        path("demo/composants/", views.components, name="components"),
    ]
