"""Set-up shared by the whole suite."""

from hypothesis import settings

# A shared two-core machine pauses now and then; a slow example is not a wrong one.
settings.register_profile("ci", deadline=None)
settings.load_profile("ci")
