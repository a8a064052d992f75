from django.apps import AppConfig


class FindConfig(AppConfig):
    name = "preau.find"
