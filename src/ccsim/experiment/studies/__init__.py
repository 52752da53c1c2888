"""Studies made of experiments: sweeps, uncertain assumptions, reversals, gates."""
