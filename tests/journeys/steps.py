"""What journeys do at every step: look at the page, tick, read a letter, let days pass."""

from preau.core import clock
from preau.notifications.models import Email
from tests.journeys import towns


def look(visitor):
    """Nothing went wrong, nothing overflows, and axe has nothing to say where it can run."""
    visitor.check()
    visitor.assert_accessible()


def follow(visitor, name):
    """Follow a link, then look at the page that it leads to."""
    visitor.press(name, role="link")
    look(visitor)


def press(visitor, name):
    """Press a button, then look at the page that it leads to."""
    visitor.press(name)
    look(visitor)


def tick(visitor, *labels):
    """Boxes and radio buttons, whose native input the design system hides."""
    for label in labels:
        visitor.page.get_by_role("main").get_by_label(label, exact=True).first.check(force=True)


def choose(visitor, label, option):
    visitor.page.get_by_role("main").get_by_label(label).first.select_option(label=option)


def reads(visitor, words):
    """Whether the main part says so, in view."""
    return visitor.page.get_by_role("main").get_by_text(words).first.is_visible()


def silent(visitor, words):
    return words not in visitor.page.get_by_role("main").inner_text()


def link_sent_to(address, start="/"):
    """The last letter to an address; the path of its first link that begins so."""
    return towns.link_in(Email.objects.filter(recipient__iexact=address).latest("pk"), start)


def days_pass(monkeypatch, gap):
    """Everybody's clock is later from now on: the test's, the site's and the worker's."""
    present = clock.now
    monkeypatch.setattr(clock, "now", lambda: present() + gap)
