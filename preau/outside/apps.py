from django.apps import AppConfig


class OutsideConfig(AppConfig):
    name = "preau.outside"
