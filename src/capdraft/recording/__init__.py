"""Cassettes of a workspace: how each stands against what would be asked now, and recorded anew."""
