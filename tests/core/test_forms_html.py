import datetime

from django import forms as django_forms
from django.template import engines

from preau.core import forms
from preau.core.errors import Refusal


class Sample(forms.Form):
    email = django_forms.EmailField(label="Adresse", help_text="nom@exemple.fr")
    day = forms.DateField(label="Jour")
    start = forms.TimeField(label="Début", required=False)
    who = django_forms.ChoiceField(
        label="Qui ?", choices=[("a", "A<b>"), ("b", "B")], widget=django_forms.RadioSelect
    )
    needs = django_forms.MultipleChoiceField(
        choices=[("x", "X")], required=False, widget=django_forms.CheckboxSelectMultiple
    )
    token = django_forms.CharField(widget=django_forms.HiddenInput, required=False)


def render(form, source="{% ui_form form submit='Envoyer' %}"):
    return engines["django"].from_string(source).render({"form": form})


class Written(forms.Form):
    name = django_forms.CharField(max_length=30)
    story = django_forms.CharField(widget=django_forms.Textarea)


def test_a_one_line_input_gives_one_line():
    typed = "Léa\r\nBcc:\u202ea@b.fr\t"
    form = Written({"name": typed, "story": "un\ndeux"})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "Léa Bcc: a@b.fr", "story": "un\ndeux"}
    assert not Written({"name": "a\x00b", "story": "x"}).is_valid()
    assert "required" in Written({"name": "\r\n", "story": "x"}).errors.as_json()


def test_errors_are_attached_to_their_field_and_listed_first():
    html = render(Sample({"email": "x", "day": ""}))
    assert 'aria-describedby="id_email-hint id_email-error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index('href="#id_email"') < html.index('id="id_email"')
    assert 'href="#id_who_0"' in html
    assert "Écrivez une adresse complète" in html
    assert "Indiquez une date." in html


def test_an_unbound_form_shows_no_error():
    html = render(Sample())
    assert "erreurs" not in html
    assert "aria-invalid" not in html


def test_a_readable_french_date_comes_back_in_the_native_input():
    html = render(Sample({"day": "12/03/2027", "start": "18h30"}))
    assert '<input type="date" name="day" value="2027-03-12"' in html
    assert '<input type="time" name="start" value="18:30"' in html


def test_an_unreadable_date_is_kept_as_typed():
    html = render(Sample({"day": "32/13/2027"}))
    assert '<input type="text" name="day" value="32/13/2027"' in html


def test_french_dates_and_hours_are_read():
    form = Sample({"email": "a@b.fr", "day": "12/03/2027", "start": "18h30", "who": "a"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == datetime.date(2027, 3, 12)
    assert form.cleaned_data["start"] == datetime.time(18, 30)


def test_radios_and_boxes_are_inputs_with_escaped_labels():
    html = render(Sample())
    assert '<input type="radio" name="who" value="a"' in html
    assert '<div class="fr-checkbox-group"><input type="checkbox" name="needs"' in html
    assert "A&lt;b&gt;" in html


def test_hidden_fields_are_there_and_autocomplete_is_set():
    html = render(Sample())
    assert '<input type="hidden" name="token"' in html
    assert 'autocomplete="email"' in html


def test_a_refusal_goes_to_its_field_or_above_the_form():
    form = Sample({"email": "a@b.fr", "day": "12/03/2027", "who": "a"})
    form.refuse(Refusal("Ce jour est complet.", field="day"))
    form.refuse(Refusal("La salle est fermée.", field="unknown"))
    assert form.errors["day"] == ["Ce jour est complet."]
    assert form.non_field_errors() == ["La salle est fermée."]
    assert "La salle est fermée." in render(form, "{% ui_errors form %}")


def test_words_given_to_a_field_are_kept():
    class Named(forms.Form):
        name = django_forms.CharField(error_messages={"required": "Donnez un nom."})
        city = django_forms.CharField()

    assert Named({}).errors == {
        "name": ["Donnez un nom."],
        "city": ["Ce renseignement est nécessaire."],
    }


class Chosen(forms.Form):
    kind = django_forms.ChoiceField(choices=[("", "---------"), ("a", "A")])
    plain = django_forms.ChoiceField(choices=[("a", "A")])


def test_no_row_of_dashes():
    form = Chosen()
    assert form.fields["kind"].choices == [("", "Choisissez"), ("a", "A")]
    assert form.fields["plain"].choices == [("a", "A")]


def test_a_year_that_is_a_slip_of_the_keyboard_is_refused_with_a_sentence():
    for typed in ("0001-01-01", "12/03/0027", "9999-12-31", "1899-12-31", "2200-01-01"):
        form = Sample({"day": typed, "email": "a@b.fr", "who": "a"})
        assert form.errors["day"] == ["Cette date est trop éloignée. Vérifiez l’année."]
    for typed in ("1900-01-01", "31/12/2199"):
        assert Sample({"day": typed, "email": "a@b.fr", "who": "a"}).is_valid()
