import factory

from preau.conversations.models import Message, Thread


class ThreadFactory(factory.django.DjangoModelFactory):
    """`ThreadFactory(audiences=["user:1"])`."""

    class Meta:
        model = Thread
        skip_postgeneration_save = True

    subject = "Salle Olympe-de-Gouges, jeudi 12 mars"

    @factory.post_generation
    def audiences(self, create, extracted, **kwargs):
        for key in extracted or ():
            self.audiences.create(key=key)


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Message

    thread = factory.SubFactory(ThreadFactory)
    body = factory.Sequence(lambda n: f"Message numéro {n}")
    idempotency_key = factory.Faker("uuid4")
