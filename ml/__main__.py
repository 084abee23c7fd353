"""`python -m ml <command>`: one parser, and one place where known failures become one sentence."""

import sys
from argparse import Action, ArgumentDefaultsHelpFormatter, ArgumentParser
from collections.abc import Sequence

from ml.commands import CommandError, find_commands
from ml.data.samples import DataError
from ml.images import UnreadableImageError
from ml.manifest import ManifestError
from ml.taxonomy import RESEARCH_USE_NOTE

BAD_INPUT = 2
INTERRUPTED = 130  # what a shell reports after Ctrl-C


class DefaultsHelpFormatter(ArgumentDefaultsHelpFormatter):
    """Shows the default of each option that has one; "(default: None)" tells nobody anything."""

    def _get_help_string(self, action: Action) -> str | None:
        nothing = action.default is None or action.default is False or action.default in ([], "")
        return action.help if nothing else super()._get_help_string(action)


def build_parser() -> ArgumentParser:
    """The parser with every command found in `ml.commands`."""
    parser = ArgumentParser(
        prog="python -m ml",
        description="Train, check and run the classifiers of CV4LymphNode.",
        epilog=f"`python -m ml COMMAND --help` has the details. {RESEARCH_USE_NOTE}",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in find_commands().items():
        sub = commands.add_parser(
            name,
            help=command.HELP.replace("%", "%%"),  # argparse formats it
            description=command.HELP,
            formatter_class=DefaultsHelpFormatter,
        )
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; exit code 0 done, 2 bad input (one sentence on stderr), 130 stopped by Ctrl-C."""
    args = build_parser().parse_args(argv)
    try:
        return args.run(args)
    except (CommandError, DataError, ManifestError, UnreadableImageError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename or 'file'}: {error.strerror or error}.")
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)  # noqa: T201
        return INTERRUPTED


def _refuse(sentence: str) -> int:
    print(f"error: {sentence}", file=sys.stderr)  # noqa: T201
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
