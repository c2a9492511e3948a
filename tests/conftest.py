"""Settings every test shares."""

import os

from hypothesis import HealthCheck, settings

# The tagger's matrices are small: on a busy machine a second thread waits longer than it helps. Read when NumPy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The same examples on every run, so that a red build is red for everybody; a deadline would measure the machine.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")
