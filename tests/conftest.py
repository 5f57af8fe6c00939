"""Settings for the whole suite: Hypothesis without deadlines, thinner by default than with GRADPROOF_SLOW=1."""

import os

from hypothesis import settings

settings.register_profile("gradproof", deadline=None, max_examples=200 if os.environ.get("GRADPROOF_SLOW") else 10)
settings.load_profile("gradproof")
