"""An administrator gives a program a token and a webhook; somebody tries the documentation."""

import pytest
from django.urls import reverse

from preau.api.models import ApiToken, WebhookDelivery, WebhookEndpoint
from tests.api.factories import administrator
from tests.booking.factories import bookable_space

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def settle(person):
    """A token, then a webhook and a trial of it; with or without JavaScript."""
    actor = administrator()
    person.sign_in(actor.user, actor.membership)
    page = person.go(reverse("accounts:organization", args=[actor.organization_id]))
    person.press("API et webhooks", role="link")
    person.assert_accessible()
    person.press("Créer un jeton", role="link")
    person.press("Créer le jeton")
    assert "Nommez-le" in page.content()
    person.fill("À quoi il sert", "Agenda du site")
    page.get_by_label("Chercher des espaces libres").check(force=True)
    person.press("Créer le jeton")
    token = page.get_by_label("Jeton « Agenda du site »").input_value()
    assert token.startswith("preau_")
    person.assert_accessible()
    person.press("C’est copié", role="link")
    assert "Agenda du site" in page.content()
    assert token not in page.content()
    person.press("Ajouter un webhook", role="link")
    person.fill("Adresse qui reçoit", "ftp://programme.example")
    page.get_by_label("Réservation confirmée").check(force=True)
    person.press("Ajouter le webhook")
    assert "https://" in page.get_by_role("main").inner_text()
    person.fill("Adresse qui reçoit", "https://programme.example/preau")
    person.press("Ajouter le webhook")
    assert page.get_by_label("Secret").input_value().startswith("whsec_")
    person.press("C’est copié", role="link")
    person.press("Envoyer un essai")
    assert WebhookDelivery.objects.count() == 1
    person.assert_accessible()
    person.leave_by(page.get_by_role("table").get_by_role("link").first)
    assert "webhook-id" not in page.content()
    person.assert_accessible()
    person.go(reverse("api:webhook", args=[WebhookEndpoint.objects.get().key]))
    person.press("Arrêter")
    assert "Rien ne lui est plus envoyé" in page.content()
    person.go(reverse("api:home", args=[actor.organization_id]))
    person.press("Révoquer « Agenda du site »")
    assert ApiToken.objects.get().revoked_at is not None
    assert "Aucun jeton valable" in page.content()


def test_a_token_and_a_webhook(visitor):
    settle(visitor)


def test_the_same_without_script(plain_visitor):
    settle(plain_visitor)


def test_the_documentation_is_tried_where_it_stands(visitor):
    space = bookable_space()
    page = visitor.go(reverse("api:docs"))
    visitor.assert_accessible()
    page.get_by_text("Essayer : Un espace et ses règles").click()
    page.locator("#read_space-space_id").fill(str(space.pk))
    form = page.locator("form[data-path='/api/v1/spaces/{space_id}']")
    form.get_by_role("button", name="Envoyer").click()
    form.locator(".api-out").get_by_text(space.name).wait_for()
    assert form.locator(".api-out").inner_text().startswith("200")
    visitor.check()


def test_the_documentation_is_read_without_script(plain_visitor):
    page = plain_visitor.go(reverse("api:docs"))
    assert "GET /api/v1/search" in page.content()
    assert not page.locator("form[data-path]").first.is_visible()
    plain_visitor.assert_fits()
