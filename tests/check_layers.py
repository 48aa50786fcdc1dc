#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include what: the rooms of the library and of the program, and their borders.

usage: check_layers.py SOURCE_DIR

Each folder of libbounce/ and cli/ is a room. A file may include headers of its own room, of the rooms that
ROOMS or PROGRAM_ROOMS lists for it, and bounce.h. The tables have no cycle; doc/architecture.md shows the
same ones; the rooms of a table are the folders that exist. GMime and PCRE2 are each seen by one file. The
program and the tests of the interface see bounce.h and nothing internal.

In the program, x.h declares what x.c defines and nothing else, and the files form no cycle: so a function cannot
call a function of another file that calls back. No two of its structs have the same name.
"""
import graphlib
import pathlib
import re
import sys

# What each room may see. "face" is libbounce/ itself. Keep the picture in doc/architecture.md the same.
ROOMS = {
    "base": "",
    "text": "base",
    "mail": "base text",
    "mailbox": "base",
    "smtp": "base",
    "sent": "base",
    "match": "base text mail smtp",
    "rules": "base text mail smtp match",
    "events": "base",
    "report": "base smtp match",
    "reading": "base text mail smtp match report events",
    "verdict": "base text mail smtp match report",
    "logs": "base mail smtp",
    "policy": "base mail smtp report",
    "face": "base text mail mailbox smtp match report reading verdict sent events logs",
}
# The same for cli/; "main" is cli/ itself.
PROGRAM_ROOMS = {
    "output": "",
    "count": "",
    "sandbox": "",
    "crosswalk": "output",
    "render": "output crosswalk count",
    "summary": "output render count",
    "undecided": "output count",
    "jobs": "output render sandbox",
    "input": "output jobs",
    "main": "output crosswalk render summary undecided sandbox jobs input",
}
# The same for ledger/: "program" is ledger/ itself. It is also built with some files of cli/.
LEDGER_ROOMS = {
    "db": "",
    "lines": "",
    "show": "db lines",
    "store": "db lines",
    "settings": "show lines",
    "commands": "db lines show store settings",
    "program": "db lines show store settings commands",
}
LEDGER_SHARES = {"output/output.h", "output/output_file.h", "output/escape.h", "output/complain.h", "option_table.h",
                 "option_values.h", "dates.h"}
# Dependencies that only one file sees: the header, and that file.
ONE_FILE = {"gmime/gmime.h": "mail/by_gmime.c", "pcre2.h": "match/regex.c", "dlfcn.h": "base/library.c"}
# Headers that only their own room may see. (No other room sees rules/ at all.)
PRIVATE = re.compile(r"^match/(conditions|matcher|phrase|regex_token|searched_text)\.h$|^sent/(marks|sqlite)\.h$")
# A function that a header declares, or that a .c file defines and does not keep static; a struct.
FUNCTION = re.compile(r"^(?!static|typedef|#|[ /*])[^\n=;{]*?\b(\w+)\([^;{]*\)\s*([;{])", re.M)
STRUCT = re.compile(r"^struct (\w+) \{", re.M)
INCLUDE = re.compile(r"^\s*#\s*include\s*([<\"])([^>\"]+)[>\"]", re.M)


def includes(path):
    """(quote, name) of every include of one file."""
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def room_of(folder, face, path):
    return path.parent.name if path.parent != folder else face


def check_table(folder, rooms, face, document):
    """Checks the table itself: no cycle, all folders, and the same as in the document."""
    try:
        tuple(graphlib.TopologicalSorter({room: seen.split() for room, seen in rooms.items()}).static_order())
    except graphlib.CycleError as error:
        yield f"the table of the rooms of {folder} has a cycle: {' -> '.join(error.args[1])}"
    folders = {path.parent.name for path in folder.glob("*/*.[ch]")} | {face}
    for room in sorted(folders ^ set(rooms)):
        yield f"{room}: is a folder of {folder} or in the table of rooms, but not both"
    shown = dict(re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|$", document.read_text(encoding="utf-8"), re.M))
    for room, seen in rooms.items():
        if room not in shown:
            yield f"{document}: its table of rooms lacks {room}"
        elif shown[room].replace("-", "").split() != seen.split():
            yield f"{document}: {room} sees {shown[room].strip()!r} there, {seen!r} in check_layers.py"


def check_rooms(folder, rooms, face, shared=frozenset()):
    for path in sorted(folder.rglob("*.[ch]")):
        room = room_of(folder, face, path)
        allowed = {room, *rooms.get(room, "").split()}
        own = f"{room}/" if room != face else ""
        for quote, name in includes(path):
            if quote == "<" or name == "bounce.h" or name in shared:
                continue
            if not (folder / name).exists():
                yield f"{path}: includes {name}; name a header by its room: \"base/span.h\""
                continue
            target = room_of(folder, face, folder / name)
            if target not in allowed:
                yield f"{path}: {room} may not see {target} ({name})"
            if PRIVATE.match(name) and target != room:
                yield f"{path}: {name} is private to its room"
        header = path.with_suffix(".h")
        if path.suffix == ".c" and header.exists() and ('"', own + header.name) not in includes(path):
            yield f"{path}: does not include its own header"


def check_dependencies(library):
    """Checks that each big dependency is known to one file only."""
    for path in sorted(library.rglob("*.[ch]")):
        for _, name in includes(path):
            for header, owner in ONE_FILE.items():
                if name.split("/")[0] == header.split("/")[0] and path != library / owner:
                    yield f"{path}: only {owner} may include {name}"
    for header, owner in ONE_FILE.items():
        if header not in [name for _, name in includes(library / owner)]:
            yield f"{library / owner}: should be the file that includes {header}"
    for _, name in includes(library / "bounce.h"):
        if name not in ("stdbool.h", "stddef.h", "stdint.h"):
            yield f"{library / 'bounce.h'}: a public header must not include {name}"


def check_outsiders(folder, internal):
    """Checks that what is outside of the library uses only its public header."""
    for path in sorted(folder.rglob("*.[ch]")) + sorted(folder.rglob("*.cpp")):
        for _, name in includes(path):
            if name in internal and not (path.parent / name).exists():
                yield f"{path}: includes {name}, which is internal to the library"
            if name.startswith(("gmime", "pcre2", "glib")):
                yield f"{path}: includes {name}, which belongs to the library alone"


def functions(path, end):
    """The functions that a file declares (end ";") or defines (end "{")."""
    if not path.exists():
        return set()
    return {name for name, last in FUNCTION.findall(path.read_text(encoding="utf-8")) if last == end}


def check_headers(folder):
    """Checks that each header of the program declares what its .c file defines: so includes show who calls whom."""
    for path in sorted(folder.rglob("*.[ch]")):
        declared, defined = functions(path.with_suffix(".h"), ";"), functions(path.with_suffix(".c"), "{")
        if path.suffix == ".h":
            for name in sorted(declared - defined):
                yield f"{path}: declares {name}(), which {path.with_suffix('.c').name} does not define"
        else:
            for name in sorted(defined - declared - {"main"}):
                yield f"{path}: defines {name}(), which {path.with_suffix('.h').name} does not declare"


def check_cycles(folder):
    """Checks that the files of the program form no cycle; x.c and x.h count as one."""
    graph = {}
    for path in sorted(folder.rglob("*.[ch]")):
        seen = {str(pathlib.Path(name).with_suffix("")) for quote, name in includes(path)
                if quote == '"' and (folder / name).exists()}
        unit = str(path.relative_to(folder).with_suffix(""))
        graph[unit] = graph.get(unit, set()) | seen - {unit}
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        yield f"{folder}: files form a cycle: {' -> '.join(error.args[1])}"


def check_structs(library, folder):
    """Checks that no two structs of the program have the same name."""
    places = {}
    for path in sorted(library.rglob("*.[ch]")) + sorted(folder.rglob("*.[ch]")):
        for name in STRUCT.findall(path.read_text(encoding="utf-8")):
            if name in places and path.is_relative_to(folder):
                yield f"{path}: struct {name} is also in {places[name]}"
            places[name] = path


def check_ledger(top, library):
    """Checks the rooms of bounce-ledger, and which of them see a database."""
    folder = top / "ledger"
    yield from check_table(folder, LEDGER_ROOMS, "program", top / "doc" / "architecture.md")
    yield from check_rooms(folder, LEDGER_ROOMS, "program", LEDGER_SHARES)
    yield from check_headers(folder)
    yield from check_cycles(folder)
    yield from check_structs(library, folder)
    for header, owner in (("sqlite3.h", "db/sqlite.c"), ("libpq-fe.h", "db/libpq.h"), ("jansson.h", "lines/records.c")):
        for path in sorted(folder.rglob("*.[ch]")):
            if header in [name for _, name in includes(path)] and not str(path.relative_to(folder)).startswith(owner):
                yield f"{path}: only {owner} may include {header}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    top = pathlib.Path(sys.argv[1])
    library = top / "libbounce"
    internal = {str(path.relative_to(library)) for path in library.rglob("*.h")} - {"bounce.h"}
    program = top / "cli"
    complaints = [*check_dependencies(library), *check_headers(program), *check_cycles(program),
                  *check_structs(library, program), *check_ledger(top, library)]
    for folder, rooms, face in ((library, ROOMS, "face"), (program, PROGRAM_ROOMS, "main")):
        complaints += [*check_table(folder, rooms, face, top / "doc" / "architecture.md"),
                       *check_rooms(folder, rooms, face)]
    for folder in (program, top / "ledger", top / "tests" / "api", top / "tests" / "install"):
        complaints += check_outsiders(folder, internal)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
