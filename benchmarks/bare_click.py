"""A bare click program with as many commands as capdraft: the floor for start-up."""

import click


@click.group()
@click.version_option("1")
def cli() -> None:
    """Do nothing, quickly."""


NAMES = "init draft check review merge compare prompts ledger schema"
for _name in NAMES.split():
    cli.command(_name, short_help="Do nothing.")(lambda: None)

if __name__ == "__main__":
    cli()
