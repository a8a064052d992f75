from django.urls import path

from preau.portal.mail import views

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("en-echec/", views.failures, name="mail_failures"),
    path("en-echec/<int:email_id>/renvoyer/", views.send_again, name="mail_send_again"),
    path("<int:email_id>/", views.message, name="mail"),
    path("<int:email_id>/mise-en-forme/", views.formatted, name="mail_formatted"),
    path("<int:email_id>/pieces/<int:number>/", views.attachment, name="mail_attachment"),
]
