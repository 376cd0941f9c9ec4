"""``symgrad maximise``: the global maximum of an expression, enclosed, with the proof that it is global."""

from __future__ import annotations

from symgrad.cli.extremum import extremum_command

command = extremum_command("maximise", "maximum")
