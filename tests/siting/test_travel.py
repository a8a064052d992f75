"""Files of travel times: read, refused line by line, used by a scenario."""

import pytest

from preau.core.errors import Refusal
from preau.siting import travel
from preau.siting.actions import studies
from preau.siting.outcome import outcome_of
from tests.siting.factories import StudyFactory, computed, manager, row_of_communes
from tests.siting.test_studies import actor

pytestmark = pytest.mark.django_db
HEAD = "Commune de départ;Commune d’arrivée;Minutes\n"


def test_a_file_serves_a_scenario():
    row_of_communes()
    study = StudyFactory()
    text = HEAD + "09001;09008;10\n09002;09008;12,5\n09003;09008;40\n"
    keeper = actor(manager(study.organization))
    times = studies.send_travel_times("Voiture", text.encode(), actor=keeper)
    assert (times.pairs, times.communes) == (3, 4)
    scenario = computed(study=study, radius_km=None, minutes=15, travel_times=times, places=1)
    assert [one.code for one in outcome_of(scenario).chosen] == ["09008"]
    assert scenario.covered == 800 + 100 + 200
    with pytest.raises(Refusal, match="déjà"):
        studies.send_travel_times("Encore", text.encode(), actor=keeper)


def test_faults_are_told_with_their_lines():
    row_of_communes()
    text = HEAD + "09001;09002;10\n99999;09002;10\n09001;09002;vite\n09001;09003;9999\n"
    with pytest.raises(Refusal) as refused:
        travel.read(text.encode())
    said = refused.value.sentence
    assert "ligne 3 : « 99999 »" in said and "ligne 4 : « vite »" in said and "ligne 5" in said
    assert "ligne 2" not in said


@pytest.mark.parametrize("text", ["", HEAD, "a;b\n1;2\n", HEAD + "09001;09002;nan\n"])
def test_a_file_that_says_nothing_is_refused(text):
    row_of_communes()
    with pytest.raises(Refusal):
        travel.read(text.encode())


def test_what_is_packed_is_read_again():
    codes = [one.code for one in row_of_communes(4)]
    found = travel.read((HEAD + "09001;09003;7.5\n09004;09001;20\n").encode())

    class Kept:
        content = travel.pack(found)

    minutes = travel.minutes_between(Kept, codes)
    pairs = zip(minutes.origins, minutes.destinations, minutes.minutes, strict=True)
    assert [(int(a), int(b), float(c)) for a, b, c in pairs] == [(0, 2, 7.5), (3, 0, 20.0)]
    inside = travel.minutes_between(Kept, codes[:3])
    assert len(inside.minutes) == 1
