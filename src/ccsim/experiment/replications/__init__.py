"""Replications: one of every design, who plays them, and what they need."""
