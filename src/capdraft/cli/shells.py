"""What bash, zsh and fish run at a Tab: click's ways, with what they lack.

Click's own scripts know no `--option=value`, cut descriptions at a comma, and print errors into the
line that is being typed.
"""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    BashComplete,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

from capdraft.errors import CapdraftError

VARIABLE = "_CAPDRAFT_COMPLETE"
# COMP_LINE, as bash's COMP_WORDS are cut at each `=` and `:`.
_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response completion type value
    response=$(env COMP_WORDS="${COMP_LINE:0:$COMP_POINT}" %(complete_var)s=bash_complete \
"$1" 2>/dev/null)
    for completion in $response; do
        IFS=',' read -r type value <<< "$completion"
        if [[ $type == 'dir' ]]; then
            compopt -o dirnames
        elif [[ $type == 'file' ]]; then
            compopt -o default
        elif [[ $type == 'plain' ]]; then
            COMPREPLY+=("$value")
        fi
    done
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a plain described response
    local type key descr
    (( ! $+commands[%(prog_name)s] )) && return 1
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
%(complete_var)s=zsh_complete %(prog_name)s 2>/dev/null)}")
    [[ $PREFIX == --*=* ]] && compset -P '*='
    for type key descr in ${response}; do
        if [[ $type == plain && $descr == _ ]]; then
            plain+=("$key")
        elif [[ $type == plain ]]; then
            described+=("$key:$descr")
        elif [[ $type == dir ]]; then
            _path_files -/
        elif [[ $type == file ]]; then
            _path_files -f
        fi
    done
    (( $#described )) && _describe -V unsorted described
    (( $#plain )) && compadd -V unsorted -a plain
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef %(complete_func)s %(prog_name)s
fi
"""
_FISH = """\
function %(complete_func)s
    set -l given (string match --regex -- '^--[^=]+=' (commandline -ct); or echo '')
    set -l response (env COMP_WORDS=(commandline -cp | string collect) \
%(complete_var)s=fish_complete %(prog_name)s 2>/dev/null)
    for completion in $response
        set -l found (string split --max 1 , -- $completion)
        switch $found[1]
            case dir
                printf '%%s\\n' $given(__fish_complete_directories $found[2] '')
            case file
                printf '%%s\\n' $given(__fish_complete_path $found[2] '')
            case plain
                printf '%%s\\n' $given$found[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments '(%(complete_func)s)'
"""


class _Asked(ShellComplete):
    """What all three have: the words to the cursor out of the line, and no word of an error."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words, and what there is of the one at the cursor."""
        line = os.environ["COMP_WORDS"]
        words = split_arg_string(line)
        is_between = len(split_arg_string(f"{line}.")) > len(words)
        return (words[1:], "") if is_between else (words[1:-1], words[-1])

    def complete(self) -> str:
        """Return what is offered; nothing where the words so far are wrong."""
        try:
            return super().complete()
        except (click.ClickException, CapdraftError):
            return ""


class Bash(_Asked, BashComplete):
    """Completion in bash 4.4 and later."""

    source_template = _BASH


class Fish(_Asked, FishComplete):
    """Completion in fish."""

    source_template = _FISH


class Zsh(_Asked, ZshComplete):
    """Completion in zsh, which tells its words itself."""

    source_template = _ZSH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words, and what there is of the one at the cursor."""
        return ZshComplete.get_completion_args(self)


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def know_shells() -> None:
    """Have click answer the shells by what stands here."""
    for kind in SHELLS.values():
        add_completion_class(kind)


def script(shell: str) -> str:
    """Return what a shell has to run to complete capdraft's command lines."""
    return SHELLS[shell](click.Group(), {}, "capdraft", VARIABLE).source()
