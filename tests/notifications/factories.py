"""Messages of the outbox, and the queue's worker for a moment."""

import asyncio

import factory
from django.db import connections
from procrastinate.contrib.django import app

from preau.notifications import actions
from preau.notifications.models import DeliveredEmail, Email, EmailState


class EmailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Email

    cause = factory.Sequence(lambda n: f"test:{n}")
    message_id = factory.Sequence(lambda n: f"<test-{n}@preau.example>")
    recipient = "ana@example.org"
    subject = "Votre demande pour la salle Olympe-de-Gouges est acceptée"
    text = "Bonjour,\n\nVotre demande est acceptée.\n"


class DeliveredEmailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeliveredEmail

    message_id = factory.Sequence(lambda n: f"<delivered-{n}@preau.example>")
    recipients = ["ana@example.org"]
    subject = "Votre demande pour la salle Olympe-de-Gouges est acceptée"
    text = "Bonjour,\n\nVotre demande est acceptée.\n"


def work():
    """Run the real worker until nothing is due (transactional tests only)."""

    async def until_idle():
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False
            )

    # A kept connection of the worker's thread would outlive the test.
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        asyncio.run(until_idle())


def deliver_all():
    """Deliver what waits in the outbox, without the queue: for the tests of other rooms."""
    for pk in Email.objects.filter(state=EmailState.PENDING).values_list("pk", flat=True):
        actions.deliver(pk)
