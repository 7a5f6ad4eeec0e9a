"""What a school says of itself in a word."""

import pytest

from shared_apps.schools.models import School


@pytest.mark.parametrize(
    ("phase", "type_name", "said"),
    [
        ("Primary", "Community school", "Primary"),
        ("", "Community special school", "Special"),
        ("", "Other independent special school", "Special"),
        ("", "Other independent school", "Independent"),
        ("", "Academy alternative provision converter", "Alternative provision"),
        ("", "Pupil referral unit", "Pupil referral unit"),
    ],
)
def test_phase_is_a_word_that_a_filter_can_show(phase, type_name, said):
    assert School(phase_name=phase, type_name=type_name).phase == said
