"""What has to happen when this process must leave at once, registered by those who can do it.

A command that is stopped ends within two seconds, whatever it is at. Whoever writes files or runs
worker processes registers here what must be done then; who stops the command calls `hurry` and
`leave` and needs to know nothing of them. Modules that were not imported have registered nothing,
and nothing is to be done for them.
"""

from __future__ import annotations

from collections.abc import Callable

Hurry = Callable[[bool], None]
Leave = Callable[[float], None]
_hurries: list[Hurry] = []
_at_once: list[Callable[[], None]] = []
_in_time: list[Leave] = []


def when_hurried(function: Hurry) -> Hurry:
    """Register a function that is called with True when the process is about to leave, and with
    False when it does not leave after all."""
    _hurries.append(function)
    return function


def when_leaving(function: Callable[[], None]) -> Callable[[], None]:
    """Register a function that is called from another thread when the process leaves; it must
    return at once."""
    _at_once.append(function)
    return function


def tidies(function: Leave) -> Leave:
    """Register a function that takes away what is half written, in at most the seconds given."""
    _in_time.append(function)
    return function


def hurry(yes: bool) -> None:
    """Say whether the process is about to leave."""
    for function in _hurries:
        function(yes)


def leave() -> None:
    """Do what must be done at once."""
    for function in _at_once:
        function()


def tidy(seconds: float) -> None:
    """Take away what is half written, in at most so many seconds each."""
    for function in _in_time:
        function(seconds)
