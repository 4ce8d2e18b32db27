"""Runs engines and peers on published benchmark sets, under one checker."""
