"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# Noisy machines make deadlines lie. Examples are drawn the same way in every run, so that a red
# test is red for everybody; `pytest --hypothesis-profile explore` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("house")
