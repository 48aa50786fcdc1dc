# SPDX-License-Identifier: MIT
"""The module itself: it agrees with bounce.h, and is typed and documented."""
import copy
import inspect
import os
import pathlib
import pickle
import re
import subprocess
import sys

import bounce
import pytest

# Functions that the module does not need: what it has instead.
NOT_CALLED = {
    "bounce_rules_default": "bounce_rules_load_sources() of nothing", "bounce_rules_load": "likewise, of files",
    "bounce_rules_ref": "Python counts references",
    "bounce_sent_ref": "likewise", "bounce_report_json": "bounce_report_json_into()",
    "bounce_reason_from_name": "Word finds words by their names", "bounce_reason_count": "the members of Reason",
    "bounce_status_text": "each error has a message", "bounce_reason_group": "Recipient.group",
    "bounce_reason_type": "Recipient.type", "bounce_reason_advice_text": "Recipient.advice_text",
    "bounce_mailbox_on_wait": "Python has threads for that", "bounce_mailbox_stop": "likewise",
    "bounce_mailbox_go_to": "Python reads a mailbox from its front", "bounce_mailbox_after": "likewise",
    "bounce_mailbox_next_held": "likewise", "bounce_mailbox_position": "Message.source", "bounce_mailbox_set_start": "islice()",
    "bounce_log_written": "Log.read() of a file that is whole", "bounce_log_next_entry": "Log.line() judges at once",
    "bounce_log_entry_file": "a caller counts files",
    "bounce_log_judge": "likewise",
    "bounce_parser_reuse": "a Report of Python lives on",
    "bounce_log_is_known": "a caller knows what it opens", "bounce_events_seem": "likewise",
}

# Objects for which the module has a class; a new one need not have any.
OBJECTS = ("address", "domain", "message", "rules", "rule", "options", "parser", "parse", "context", "report",
           "recipient", "mailbox", "log", "events", "sent", "policy")


def package():
    return pathlib.Path(bounce.__file__).parent


def test_what_is_made_from_the_header_is_up_to_date(top, tmp_path):
    subprocess.run([sys.executable, top / "tools" / "python-module", top, tmp_path], check=True)
    for made in tmp_path.glob("*.py"):
        assert made.read_bytes() == (package() / made.name).read_bytes(), made.name
    assert len(list(tmp_path.glob("*.py"))) == 3


def test_every_function_is_called(top):
    """Each function for objects that the module has; or it is in the list above, with the reason."""
    header = re.sub(r"/\*.*?\*/", "", (top / "libbounce" / "bounce.h").read_text(encoding="utf-8"), flags=re.S)
    declared = set(re.findall(r"^BOUNCE_API [^;(]*?(\w+)\(", header, re.M))
    paths = set(package().glob("*.py")) - {package() / "_declarations.py"}
    source = "".join(path.read_text(encoding="utf-8") for path in paths)
    called = set(re.findall(r"lib\.(bounce_\w+)|\"(bounce_\w+_name)\"", source))
    called = {name for pair in called for name in pair if name}
    assert called <= declared
    missing = {name for name in declared - called - set(NOT_CALLED)
               if name.split("_")[1] in OBJECTS and not name.endswith("_from_name")}
    assert not missing and not set(NOT_CALLED) & called


def test_versions(top):
    header = (top / "libbounce" / "bounce.h").read_text(encoding="utf-8")
    assert f'BOUNCE_VERSION_STRING "{bounce.__version__}"' in header


def public():
    for name in bounce.__all__:
        thing = getattr(bounce, name)
        yield name, thing
        if inspect.isclass(thing):
            for key, value in inspect.getmembers(thing):
                if not key.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    if getattr(value, "fget", value).__module__.startswith("bounce"):
                        yield f"{name}.{key}", value


def test_all_is_described_and_typed():
    for name, thing in public():
        assert inspect.getdoc(thing), name
        function = getattr(thing, "fget", thing)
        if inspect.isfunction(function):
            wanted = set(inspect.signature(function).parameters) - {"self", "cls"} | {"return"}
            assert wanted <= set(function.__annotations__), name
    assert (package() / "py.typed").exists()


def test_mypy_finds_nothing():
    pytest.importorskip("mypy", reason="mypy is not here (Debian: mypy)")
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, package()],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_missing_library_is_named():
    done = subprocess.run([sys.executable, "-c", "import bounce"], capture_output=True, text=True, check=False,
                          env=dict(os.environ, BOUNCE_LIBRARY="/nowhere/libbounce.so.0"))
    assert done.returncode == 1 and "ImportError: libbounce cannot be loaded (Debian: libbounce0)" in done.stderr


def test_constructors_cannot_be_misused(report_mail):
    report = bounce.parse(report_mail)
    with pytest.raises(AttributeError):
        report.no_such_property
    with pytest.raises(AttributeError):
        report.subject = "x"
    assert "joe@example.net" in repr(report[0]) and "1 recipients" in repr(report)


@pytest.mark.parametrize("fail", [lambda: bounce.Mailbox("/nowhere"), lambda: bounce.Rules.from_texts({"mine": "nonsense"}),
                                  lambda: bounce.Policy.from_text("nonsense"), lambda: bounce.address_key("x")])
def test_exceptions_come_out_of_other_processes(fail):
    """An exception that cannot be unpickled stops a multiprocessing.Pool for good."""
    with pytest.raises(bounce.Error) as caught:
        fail()
    same = pickle.loads(pickle.dumps(caught.value))
    assert type(same) is caught.type and str(same) == str(caught.value) and vars(same) == vars(caught.value)


def test_unknown_words_come_out_of_other_processes():
    for word in (bounce.Reason.NO_SUCH_USER, bounce.Reason.of(9999), bounce.Status.OK):
        assert pickle.loads(pickle.dumps(word)) == word


def test_a_string_is_not_a_list_of_strings():
    with pytest.raises(TypeError, match="headers are a list"):
        bounce.Parser(options=bounce.Options(headers="X-Campaign"))
    with pytest.raises(TypeError, match="relays are a list"):
        bounce.Log(relays="relay.example")


def test_what_is_refused_is_named():
    with pytest.raises(bounce.ArgumentError, match="the address 'joe' is not accepted"):
        bounce.address_key("joe")


def test_a_copy_of_a_state_has_its_own_memory():
    state = bounce.AddressState(since=1)
    for other in (copy.copy(state), copy.deepcopy(state)):
        other.since = 5
        assert (state.since, other.since) == (1, 5)


def test_an_empty_name_of_the_library_is_ignored():
    done = subprocess.run([sys.executable, "-c", "import bounce._library, bounce._declarations as d; print(d.LIBRARY)"],
                          capture_output=True, text=True, check=False, env=dict(os.environ, BOUNCE_LIBRARY=""))
    assert done.returncode == 0 or "ImportError: libbounce cannot be loaded" in done.stderr
