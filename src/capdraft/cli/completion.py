"""`capdraft completion`."""

from __future__ import annotations

import click

from capdraft.cli.frame import print_json

INSTALL = {
    "bash": 'Add to ~/.bashrc: eval "$(capdraft completion bash)"',
    "zsh": 'Add to ~/.zshrc, after compinit if it is there: eval "$(capdraft completion zsh)"',
    "fish": "Type once: mkdir -p ~/.config/fish/completions && "
    "capdraft completion fish > ~/.config/fish/completions/capdraft.fish",
}


@click.command("completion", short_help="Print what completes commands in your shell.")
@click.argument("shell", type=click.Choice(list(INSTALL)), metavar="bash|zsh|fish")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def command(shell: str, as_json: bool) -> int:
    """Print the script that completes commands, options, and the names of a workspace.

    How to install it stands at its end. Artifacts, capabilities, proposals, reviewers and prompts
    are those of the workspace that you are in.

    \b
    eval "$(capdraft completion bash)"     in ~/.bashrc
    eval "$(capdraft completion zsh)"      in ~/.zshrc, after compinit if there
    mkdir -p ~/.config/fish/completions
    capdraft completion fish > ~/.config/fish/completions/capdraft.fish
    """
    from capdraft.cli.shells import script

    if as_json:
        print_json({"shell": shell, "install": INSTALL[shell], "script": script(shell)})
        return 0
    # Behind the script: zsh wants its #compdef in the first line.
    click.echo(f"{script(shell).rstrip()}\n\n# {INSTALL[shell]}")
    return 0
