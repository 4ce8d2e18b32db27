"""Calendars of technicians, for programs that can only send a name and a password."""
