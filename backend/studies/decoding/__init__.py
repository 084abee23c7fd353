"""Reads uploaded bytes into one plain RGB picture, or says in a typed way why not. No Django, no database."""
