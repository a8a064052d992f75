import os

from django.core.wsgi import get_wsgi_application

from config import environment

environment.serves_pages = True  # before the settings are read
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
