"""The number of cases that Hypothesis tries: its profiles ``quick`` and ``full`` correspond to those of pytest."""

from hypothesis import HealthCheck, settings

# Each test sets its number of cases. A profile tries this percentage of them, with different cases in every run.
for name, percentage in (("quick", 10), ("full", 100)):
    settings.register_profile(
        name,
        max_examples=percentage,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def cases(number: int) -> settings:
    """This number of cases in the full profile, a tenth of it in the quick one, all with the same cloud."""
    return settings(max_examples=max(1, number * settings().max_examples // 100))
