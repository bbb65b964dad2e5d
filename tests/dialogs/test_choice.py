"""Words that leave a choice of time to us, and those that do not."""

from dialogs.engine.choice import leaves_choice, part_of_day, which
from tests.support.rows import every_row


@every_row(
    ("said", "part", "choice"),
    [
        ("por la mañana", "manana", ""),
        ("en la tarde", "tarde", ""),
        ("en la mañanita, veci", "manana", ""),
        ("después de almuerzo", "tarde", ""),
        ("cualquiera", "", "primera"),
        ("la que sea", "", "primera"),
        ("me da lo mismo", "", "primera"),
        ("la más tempranito", "", "primera"),
        ("la primera que tenga por la tarde", "tarde", "primera"),
        ("la última de la mañana", "manana", "ultima"),
        ("por la mañana o por la tarde", "", ""),
        ("mañana", "", ""),
        ("el miércoles", "", ""),
        ("no sé", "", ""),
    ],
)
def test_what_leaves_the_choice_to_us(said, part, choice):
    assert (part_of_day(said), which(said)) == (part, choice)
    assert leaves_choice(said) == bool(part or choice)
