"""The blocks of a scenario file, a module for each subject; `scenario/schema.py` names all."""
