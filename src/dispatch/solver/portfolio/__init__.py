"""The engine `portfolio`: several searches at once, one on each core, that share their plans."""
