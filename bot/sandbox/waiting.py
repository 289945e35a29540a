"""How long those at the sandbox wait for what has to come."""

PATIENCE = 60.0
"""Seconds. So many that only what never comes takes them: a busy machine is no reason to give up."""
