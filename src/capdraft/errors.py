"""Every error that capdraft raises for something a user can mend.

    CapdraftError                     exit status 1
    ├── UsageProblem                  exit status 2: the command or the settings are wrong
    │   ├── BadSlug
    │   ├── NoWorkspace
    │   ├── NoEndpoint
    │   ├── NotFound                  a slug, capability or field that is not there
    │   └── SettingsError
    ├── SourceError                   a document that can't be read
    │   ├── ExtraMissing              exit status 2: an extra of capdraft is not installed
    │   ├── FormatUnknown             of a kind that this installation doesn't read
    │   └── PluginBroke               a plugin raised an error, or gave nonsense
    ├── StoreError                    a file of the workspace
    │   ├── FileInvalid               not what its schema says
    │   ├── FileChanged               changed by someone else since it was read
    │   └── Busy                      another run is at it
    ├── EndpointError                 the LLM endpoint did not answer, or refused the request
    │   ├── EndpointUnreachable
    │   ├── EndpointBusy              still 429, 5xx or silent after the last try
    │   ├── KeyRefused                401 and 403
    │   ├── ModelUnknown              404
    │   ├── RequestRefused            other 4xx
    │   └── NotAnEndpoint             it answers, but not as an OpenAI-compatible endpoint
    ├── AnswerError                   an answer came, and can't be used
    │   ├── AnswerRefused
    │   ├── AnswerFiltered
    │   ├── AnswerCutOff
    │   ├── AnswerNotJson
    │   └── AnswerWrongShape
    ├── BudgetReached                 the next call would pass --max-calls
    ├── CassetteError
    │   ├── CassetteMismatch          the request is not the recorded one
    │   ├── CassetteInvalid
    │   └── CassetteSecret            a secret would have been saved
    ├── PromptError                   a template that can't be rendered
    └── ReviewRefused                 a decision that the rules don't allow
        └── TextChanged               on a text that somebody changed since it was shown

Each says what is wrong (the message), where (`where`) and what to do next (`hint`). Problems in
the data itself are values, not exceptions: see `capdraft.records.Finding`.
"""

from __future__ import annotations


class CapdraftError(Exception):
    """What is wrong, where, and what to do next."""

    exit_status = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    @property
    def kind(self) -> str:
        """The class name: the stable name of the error in `--json` answers."""
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageProblem(CapdraftError):
    exit_status = 2


class BadSlug(UsageProblem, ValueError):
    """A ValueError too, so that a bad slug in a file is told with the file's other problems."""


class NoWorkspace(UsageProblem): ...


class NoEndpoint(UsageProblem): ...


class NotFound(UsageProblem): ...


class SettingsError(UsageProblem): ...


class SourceError(CapdraftError): ...


class ExtraMissing(SourceError):
    exit_status = 2


class FormatUnknown(SourceError): ...


class PluginBroke(SourceError): ...


class StoreError(CapdraftError): ...


class FileInvalid(StoreError): ...


class FileChanged(StoreError): ...


class Busy(StoreError): ...


class EndpointError(CapdraftError): ...


class EndpointUnreachable(EndpointError): ...


class EndpointBusy(EndpointError): ...


class KeyRefused(EndpointError): ...


class ModelUnknown(EndpointError): ...


class RequestRefused(EndpointError): ...


class NotAnEndpoint(EndpointError): ...


class AnswerError(CapdraftError): ...


class AnswerRefused(AnswerError): ...


class AnswerFiltered(AnswerError): ...


class AnswerCutOff(AnswerError): ...


class AnswerNotJson(AnswerError): ...


class AnswerWrongShape(AnswerError): ...


class BudgetReached(CapdraftError): ...


class CassetteError(CapdraftError): ...


class CassetteMismatch(CassetteError): ...


class CassetteInvalid(CassetteError): ...


class CassetteSecret(CassetteError): ...


class PromptError(CapdraftError): ...


class ReviewRefused(CapdraftError): ...


class TextChanged(ReviewRefused): ...
