"""Sample days: invented people and work on the real streets of Gothenburg, repeatable by seed."""
