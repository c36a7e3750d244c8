import os

from django.core.wsgi import get_wsgi_application

from guildmark.kernel.drain import Drain

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildmark.settings")
django_application = Drain(get_wsgi_application())

# Rooms can be imported once Django is set up.
from guildmark.site.front import Front  # noqa: E402

application = Front(django_application)
