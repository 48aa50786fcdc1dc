# SPDX-License-Identifier: MIT
"""Mails and folders for the tests of the Python module."""
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
TOP = TESTS.parent
sys.path.insert(0, str(TESTS))
from check_examples import MAILS, ORDINARY, REPORT  # noqa: E402

PARROT = ("rule mine/parrot\nreason policy\ntag birds\nphrase parrot says no\nwhy It does.\n"
          "example 550 parrot says no\nnear 550 parrot says yes\n")


@pytest.fixture
def sample():
    return TOP / "data" / "sample.mbox"


@pytest.fixture
def report_mail():
    return REPORT


@pytest.fixture
def ordinary_mail():
    return ORDINARY


@pytest.fixture
def mails():
    """Mails by name, some of which lack facts, and what their recipient must have."""
    return MAILS


@pytest.fixture
def corpus():
    return sorted((TESTS / "corpus").glob("*/*/mail.eml"))


@pytest.fixture
def parrot():
    return PARROT


@pytest.fixture
def top():
    return TOP
