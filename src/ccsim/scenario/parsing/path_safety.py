"""Files that a scenario names: below its own folder, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from ccsim import units


def file_inside(folder: Path | None, name: str, endings: tuple[str, ...], kind: str) -> Path | str:
    """The file of that name under the folder, or in words why it is refused.

    `endings` are those that the name may have (lower case), `kind` what such a file is called.
    """
    shown = units.found(name)
    if folder is None:
        return f"{shown}: a scenario without a folder of its own cannot name files"
    if "\\" in name or "\x00" in name:
        return f"{shown}: write / between folders"
    parts = name.split("/")
    if not name or name.startswith("/") or ":" in parts[0] or ".." in parts:
        return f"{shown} is not in the scenario's folder; only files below it can be named"
    if not name.lower().endswith(endings):
        wanted = " or ".join(endings)
        return f"{shown} is not a {kind} file (its name does not end in {wanted})"
    try:
        root = folder.resolve()
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            return f"{shown} leads out of the scenario's folder"
        if not path.is_file():
            return f"there is no file {shown} in the scenario's folder"
    except (OSError, ValueError, RuntimeError):
        return f"{shown} is no name of a file"
    return path
