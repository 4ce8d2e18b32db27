"""The record of truth: PostgreSQL through SQLAlchemy."""
