"""What people and programs are here for."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account is for; what each may do stands in one table of the API."""

    OWNER = "owner"
    """Sees everything, and gives accounts to others."""
    MANAGER = "manager"
    """Owns outlets, skills, costs and quality of their part of the network."""
    DISPATCHER = "dispatcher"
    """Plans and runs the day."""
    TECHNICIAN = "technician"
    """Is routed; sees what is theirs."""
