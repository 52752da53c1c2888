"""Experiments: how many replications are played, and what one or several designs reached."""
