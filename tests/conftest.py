"""Settings every test shares."""

from hypothesis import HealthCheck, settings

# The same examples on every run, so that a red build is red for everybody; a deadline would measure the machine.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")
