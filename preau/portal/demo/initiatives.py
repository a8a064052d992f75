"""Initiatives of the demonstration: kits, a call, listings, and the loops of the composters."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.core import clock
from preau.initiatives.actions import (
    calls,
    campaigns,
    flows,
    kit_uses,
    listing_moderation,
    listings,
    pledges,
    stories,
    supports,
    workshops,
)
from preau.initiatives.actions.calls import CallFacts
from preau.initiatives.actions.workshops import WorkshopFacts
from preau.initiatives.enums.calls import CallQuestionKind
from preau.initiatives.enums.campaigns import TargetKind
from preau.initiatives.enums.listings import Category, Manner, Side
from preau.initiatives.kit_files import load_kits
from preau.initiatives.models import KitVersion, Listing
from preau.portal.demo.people import People
from preau.portal.demo.shared import acting
from preau.projects.models import Project
from preau.resources.enums import Theme
from preau.territories.models import Commune

#: Side, category, title, quantity, by whom (a persona), how often.
LISTINGS = (
    (Side.OFFER, Category.FOOD, "Marc de café, deux seaux", "20 kg par semaine", "entreprise"),
    (Side.NEED, Category.FOOD, "Marc de café et épluchures pour le compost", "40 kg par semaine",
     "compost"),
    (Side.OFFER, Category.FOOD, "Compost mûr", "200 kg par mois", "compost"),
    (Side.NEED, Category.FOOD, "Compost pour un jardin partagé", "100 kg", "presidente"),
    (Side.OFFER, Category.MATERIAL, "Vingt chaises de jardin", "20 chaises", "habitant"),
    (Side.NEED, Category.TRANSPORT, "Une remorque le samedi matin", "deux heures", "compost"),
    (Side.OFFER, Category.SKILL, "Tenir les comptes d’une petite association", "", "habitant"),
)  # fmt: skip
#: Lines that the operator has let through: the first listing of each author is read before.
READ_ALREADY = (0, 6)


def create_initiatives(people: People, communes: list[Commune], compost: Project) -> None:
    """Kits delivered, a call under way, listings that answer each other, the loops closed."""
    load_kits()
    _call(people, communes[0])
    for number, line in enumerate(LISTINGS):
        one = _listing(people, communes[0], *line)
        if number in READ_ALREADY:
            listing_moderation.let_through(one, actor=Actor(people.personas["operateur"]))
    sarah = people.personas["compost"]
    membership = Membership.objects.filter(user=sarah, ended_at=None).first()
    _loops(Actor(sarah, membership), people, compost)
    _workshop(people, compost)


def _call(people: People, grenoble: Commune) -> None:
    agent = acting(people.personas["agent"], people.metropole)
    call = calls.draft_call(
        people.metropole,
        title="Des heures libres pour des idées utiles",
        brief="La métropole prête ses salles aux heures où elles dorment, un an, à qui rend un"
        " service aux habitants : réparer, cuisiner, apprendre, garder, jardiner.",
        area_key=f"epci:{people.metropole.epci_id}",
        because="Les salles de quartier sont libres deux soirs sur trois.",
        actor=agent,
    )
    opens = datetime.combine(clock.now().date() - timedelta(days=10), time(8), clock.now().tzinfo)
    facts = CallFacts(
        title=call.title,
        brief=call.brief,
        area_key=call.area_key,
        themes=[Theme.VIE_ASSOCIATIVE],
        offered="Une salle de quartier deux demi-journées par semaine, et 1 500 € de matériel.",
        opens_at=opens,
        closes_at=opens + timedelta(days=45),
    )
    calls.edit_call(call, facts, actor=agent)
    calls.add_question(
        call, kind=CallQuestionKind.TEXT, label="À qui cela servira-t-il ?", actor=agent
    )
    calls.add_question(
        call, kind=CallQuestionKind.NUMBER, label="Combien de personnes par mois ?", actor=agent
    )
    for title, weight in (("Utilité pour les habitants", 3), ("Faisable en six mois", 2)):
        calls.add_criterion(call, title=title, weight=weight, actor=agent)
    calls.publish(call, actor=agent)


def _listing(
    people: People,
    commune: Commune,
    side: Side,
    category: Category,
    title: str,
    quantity: str,
    key: str,
) -> Listing:
    actor = Actor(people.personas[key])
    one = listings.draft(
        actor=actor,
        side=side,
        manner=Manner.GIFT,
        category=category,
        title=title,
        text="À convenir ensemble, par les messages de l’annonce.",
        quantity=quantity,
        is_recurring="par" in quantity,
        commune=commune,
        radius_km=15,
        valid_until=clock.now().date() + timedelta(days=60),
    )
    return listings.publish(one, actor=actor)


def _loops(sarah: Actor, people: People, project: Project) -> None:
    """The kit followed, neighbours' support, the currency, flows, a campaign and a story."""
    version = KitVersion.objects.get(kit__slug="composteur-collectif", state="publie")
    use = kit_uses.take(version, project, actor=sarah)
    for step in list(version.steps.order_by("position"))[:4]:
        kit_uses.tick(use, step, actor=sarah)
    kit_uses.open_support(
        use, appeal="Un composteur au pied de nos immeubles : dites que vous en êtes.", actor=sarah
    )
    for resident in people.residents[:12]:
        supports.give(
            use,
            first_name=resident.first_name,
            commune=people.metropole.commune,
            email=resident.email,
            actor=Actor(resident),
        )
    _flows(sarah, project)
    _campaign(sarah, people, project)
    _story(sarah, project)


def _flows(sarah: Actor, project: Project) -> None:
    """The currency of the shops, and what goes from one to another."""
    today = clock.now().date()
    kit_uses.record_currency(
        project,
        name="Le Grain",
        partners="Quatorze commerçants du quartier",
        since=today - timedelta(days=200),
        actor=sarah,
    )
    for what, quantity, donor, receiver in (
        ("Épluchures et marc de café", "1,2 tonne par mois", "Deux cents foyers", "Le Compost"),
        ("Compost mûr", "300 kg par mois", "Le Compost des voisins", "Ferme des Sources"),
        ("Compost mûr", "80 kg par mois", "Le Compost des voisins", "Jardin botanique"),
    ):
        flows.record(
            project,
            actor=sarah,
            category=Category.FOOD,
            what=what,
            quantity=quantity,
            is_recurring=True,
            donor_name=donor,
            receiver_name=receiver,
            since=today - timedelta(days=150),
        )


def _story(sarah: Actor, project: Project) -> None:
    story = stories.begin(
        project,
        actor=sarah,
        title="Une troisième poubelle, et tout un quartier",
        summary="Deux cents foyers trient leurs restes ; une ferme et des jardins s’en servent.",
        text="Tout est parti d’un kit et de soixante signatures. Les composteurs sont pleins en"
        " trois semaines ; la ferme voisine prend le compost mûr et rapporte des légumes.",
        authors="Le Compost des voisins",
        results=[["200", "foyers qui trient"], ["1,2 t", "détournée chaque mois"]],
    )
    stories.publish(story, actor=sarah)


def _campaign(sarah: Actor, people: People, project: Project) -> None:
    today = clock.now().date()
    campaign = campaigns.draft(
        project,
        actor=sarah,
        title="Un triporteur pour la tournée du compost",
        story="Chaque samedi, quatre voisins portent les seaux à la main. Avec un triporteur, la"
        " tournée double.",
        organizer="Le Compost des voisins",
        commune=people.metropole.commune,
        starts_on=today,
        ends_on=today + timedelta(days=40),
        money_url="https://collecte.example/triporteur",
    )
    campaigns.set_target(
        campaign, kind=TargetKind.MONEY, label="Le triporteur", quantity=180_000, actor=sarah
    )
    seats = campaigns.set_target(
        campaign, kind=TargetKind.MATERIAL, label="Seaux à couvercle", quantity=40, actor=sarah
    )
    campaigns.launch(campaign, actor=sarah)
    for resident, quantity in zip(people.residents, (10, 6, 4), strict=False):
        seats.refresh_from_db()
        pledges.pledge(seats, quantity=quantity, show_name=True, actor=Actor(resident))
    campaigns.report_money(
        campaign, amount_cents=64_000, on=today, proof="Relevé de la plateforme", actor=sarah
    )


def _workshop(people: People, project: Project) -> None:
    agent = acting(people.personas["agent"], people.metropole)
    start = (clock.now() + timedelta(days=12)).replace(hour=16, minute=0, second=0, microsecond=0)
    facts = WorkshopFacts(
        title="Boucler les circuits de nos déchets alimentaires",
        area_key=f"epci:{people.metropole.epci_id}",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        location="Maison des associations, grande salle",
        purpose="Réunir associations, énergie, agriculteurs et promoteurs autour des flux.",
        is_public=True,
        agenda=(("Ce qui existe", 30), ("Qui donne, qui prend", 60), ("Qui fait quoi", 30)),
    )
    workshop = workshops.announce(people.metropole, facts, actor=agent)
    workshops.invite(
        workshop,
        [(people.personas["compost"].email, "Sarah Haddad", "Le Compost des voisins")],
        actor=agent,
    )
