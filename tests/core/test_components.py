import pytest
from django.template import engines

from preau.core import icons, navigation
from preau.core.templatetags import ui


def render(source, **context):
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize("kind", ui.BADGE_ICONS)
def test_badge_says_its_state_in_words(kind):
    assert "Acceptée" in render("{% ui_badge kind 'Acceptée' %}", kind=kind)


def test_text_is_escaped_and_block_content_is_not():
    html = render("{% ui_card title %}<p>{{ title }}</p>{% endui_card %}", title="<b>")
    assert "<b>" not in html
    assert "<p>&lt;b&gt;</p>" in html


def test_button_is_a_link_or_a_submit():
    assert render("{% ui_button 'Voir' '/x/' %}").strip().startswith('<a class="fr-btn" href="/x/"')
    html = render("{% ui_button 'Envoyer' name='step' value='2' %}")
    assert 'type="submit" name="step" value="2"' in html


def test_breadcrumb_ends_with_the_current_page():
    html = render("{% ui_breadcrumb 'Gérer' '/g/' 'Horaires' %}")
    assert html.index("Accueil") < html.index('href="/g/"') < html.index('aria-current="page"')


def test_pagination_is_absent_on_a_single_page():
    assert "<nav" not in render("{% ui_pagination %}")


def test_url_if_is_empty_without_the_room():
    assert render("{% url_if 'nowhere:page' as u %}[{{ u }}]") == "[]"


@pytest.mark.parametrize("name", icons.PATHS)
def test_icons_are_hidden_from_screen_readers(name):
    assert 'aria-hidden="true"' in icons.icon(name)


def test_menu_leaves_out_pages_that_do_not_exist(rf, monkeypatch):
    monkeypatch.setattr(navigation, "_links", {})
    navigation.register(navigation.Link("Accueil", "portal:home", order=2))
    navigation.register(navigation.Link("Nulle part", "nowhere:page"))
    navigation.register(navigation.Link("Aide", "portal:help", order=1, menu=False))
    request = rf.get("/")
    assert [item.label for item in navigation.items(request)] == ["Accueil"]
    assert [item.label for item in navigation.items(request, everything=True)] == [
        "Aide",
        "Accueil",
    ]
