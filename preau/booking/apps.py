from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "preau.booking"
