"""The index of a folder of pictures: a page that shows each under its title."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

from ccsim.experiment.storage.disk import write_whole
from ccsim.report.words.names import printable

INDEX = "index.html"
STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "img{max-width:100%;border:1px solid #ddd}figure{margin:0 0 3em}figcaption{margin:0 0 .5em}"
)


def write_index(path: Path, heading: str, titles: Mapping[Path, str]) -> None:
    """Write the page; `titles` holds the pictures, which lie beside it, and what each says."""
    links = "".join(
        f'<li><a href="#{number}">{_text(title)}</a></li>'
        for number, title in enumerate(titles.values(), 1)
    )
    figures = "".join(
        f'<figure id="{number}"><figcaption>{_text(picture.name)}</figcaption>'
        f'<img src="{quote(picture.name)}" alt="{_text(title)}"></figure>'
        for number, (picture, title) in enumerate(titles.items(), 1)
    )
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_text(heading)}'
        f"</title><style>{STYLE}</style></head><body><h1>{_text(heading)}</h1><ol>{links}</ol>"
        f"{figures}</body></html>\n"
    )
    write_whole(path, lambda file: file.write(page.encode("utf-8")), durable=False)


def _text(text: str) -> str:
    return escape(printable(text))
