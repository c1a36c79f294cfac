"""The commands of `flask --app wsgi …`, imported when one is asked for.

A web process never asks, so it carries neither them nor what only they need: the worker, the
imports, the demo.
"""

import click
from flask.cli import AppGroup


class Commands(AppGroup):
    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        self._load()
        return super().get_command(context, name)

    def list_commands(self, context: click.Context) -> list[str]:
        self._load()
        return super().list_commands(context)

    def _load(self) -> None:
        from helpdesk import cli  # noqa: PLC0415 - this is what the class is for

        for command in cli.COMMANDS:
            self.add_command(command)
