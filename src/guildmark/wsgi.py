import os

from django.core.wsgi import get_wsgi_application

from guildmark.kernel.drain import Drain

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildmark.settings")
application = Drain(get_wsgi_application())
