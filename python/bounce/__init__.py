# SPDX-License-Identifier: MIT
"""What bounced mail says about each recipient: libbounce for Python.

>>> for report in bounce.read("inbox.mbox"):
...     for recipient in report:
...         if recipient.type is bounce.Type.HARD:
...             print(recipient.address, recipient.reason, recipient.diagnostic)

Values that a report does not state are None. doc/python.md has more, and bounce.h everything.
"""

from ._errors import ArgumentError, DocumentError, Error, FileError, OutOfMemory, RuleMistake, RulesError
from ._library import lib as _lib
from ._library import present as _present
from ._mailbox import Mailbox, Message, read
from ._parser import Options, Parser, parse, parse_file, parse_reply
from ._policy import (
    AddressState, Decision, DomainState, GuardAnswer, GuardCounts, MayWrite, Policy, PolicyError, PolicyEvent,
    address_key, domain_key, may_write, message_key)
from ._reasons import meaning, usual_advice
from ._report import Recipient, Report, Source, Warning
from ._rules import Rule, Rules, RulesCheck, check_rules, draft_rule
from ._sent import Sent
from ._streams import Events, Log
from . import _words
from ._words import *  # noqa: F403

__version__ = _present(_lib.bounce_version())  # the library's

__all__ = [
    "AddressState", "ArgumentError", "Decision", "DocumentError", "DomainState", "Error", "Events", "FileError",
    "GuardAnswer", "GuardCounts", "Log", "Mailbox", "MayWrite", "Message", "Options", "OutOfMemory", "Parser",
    "Policy", "PolicyError", "PolicyEvent", "Recipient", "Report", "Rule", "RuleMistake", "Rules", "RulesCheck",
    "RulesError", "Sent", "Source", "Warning", "address_key", "check_rules", "domain_key", "draft_rule",
    "may_write", "meaning", "message_key", "parse", "parse_file", "parse_reply", "read", "usual_advice",
]
__all__ += _words.__all__
