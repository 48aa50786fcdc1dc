#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include what: the rooms of the library, and its borders.

usage: check_layers.py SOURCE_DIR

Each folder of libbounce/ is a room. A file may include headers of its own room, of the rooms that ROOMS
names for it, and bounce.h. The table has no circle; doc/architecture.md shows the same table; the rooms
of the table are the folders that exist. GMime and PCRE2 are each seen by one file. The program and the
tests of the interface see bounce.h and nothing internal.
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
    "match": "base text mail smtp",
    "rules": "base text mail smtp match",
    "report": "base smtp match",
    "reading": "base text mail smtp match report",
    "verdict": "base text mail smtp match report",
    "face": "base text mail mailbox smtp match report reading verdict",
}
# Dependencies that only one file sees: the header, and that file.
ONE_FILE = {"gmime/gmime.h": "mail/message_mime.c", "pcre2.h": "match/regex.c"}
# Rule files as they are parsed: seen by the room that reads them only.
PRIVATE = re.compile(r"^(rules/parsed\.h|rules/reader\.h|match/matcher\.h|match/searched_text\.h)$")
INCLUDE = re.compile(r"^\s*#\s*include\s*([<\"])([^>\"]+)[>\"]", re.M)


def includes(path):
    """(quote, name) of every include of one file."""
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def room_of(library, path):
    return path.parent.name if path.parent != library else "face"


def check_table(library, document):
    """The table itself: no circle, all folders, and the one of the document."""
    try:
        tuple(graphlib.TopologicalSorter({room: seen.split() for room, seen in ROOMS.items()}).static_order())
    except graphlib.CycleError as error:
        yield f"the table of rooms has a circle: {' -> '.join(error.args[1])}"
    folders = {path.name for path in library.iterdir() if path.is_dir()} | {"face"}
    for room in sorted(folders ^ set(ROOMS)):
        yield f"{room}: is a folder of {library} or in the table of rooms, but not both"
    shown = dict(re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|$", document.read_text(encoding="utf-8"), re.M))
    for room, seen in ROOMS.items():
        if room not in shown:
            yield f"{document}: its table of rooms lacks {room}"
        elif shown[room].replace("-", "").split() != seen.split():
            yield f"{document}: {room} sees {shown[room].strip()!r} there, {seen!r} in check_layers.py"


def check_rooms(library):
    for path in sorted(library.rglob("*.[ch]")):
        room = room_of(library, path)
        allowed = {room, *ROOMS.get(room, "").split()}
        own = f"{room}/" if room != "face" else ""
        for quote, name in includes(path):
            if quote == "<" or name == "bounce.h":
                continue
            if not (library / name).exists():
                yield f"{path}: includes {name}; name a header by its room: \"base/span.h\""
                continue
            target = room_of(library, library / name)
            if target not in allowed:
                yield f"{path}: {room} may not see {target} ({name})"
            if PRIVATE.match(name) and target != room:
                yield f"{path}: {name} is private to its room"
        header = path.with_suffix(".h")
        if path.suffix == ".c" and header.exists() and ('"', own + header.name) not in includes(path):
            yield f"{path}: does not include its own header"


def check_dependencies(library):
    """The big dependencies are each known to one file."""
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
    """What lives outside of the library uses its public header only."""
    for path in sorted(folder.rglob("*.[ch]")) + sorted(folder.rglob("*.cpp")):
        for _, name in includes(path):
            if name in internal and not (path.parent / name).exists():
                yield f"{path}: includes {name}, which is internal to the library"
            if name.startswith(("gmime", "pcre2", "glib")):
                yield f"{path}: includes {name}, which belongs to the library alone"


def check_program(folder):
    """The headers of the program form no circle, and no file includes one that includes it back."""
    graph = {path.name: [name for quote, name in includes(path) if quote == '"' and (folder / name).exists()]
             for path in sorted(folder.glob("*.h"))}
    for path in sorted(folder.glob("*.c")):
        graph[path.name] = [name for quote, name in includes(path) if quote == '"' and (folder / name).exists()]
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        yield f"{folder}: the headers form a circle: {' -> '.join(error.args[1])}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    top = pathlib.Path(sys.argv[1])
    library = top / "libbounce"
    internal = {str(path.relative_to(library)) for path in library.rglob("*.h")} - {"bounce.h"}
    complaints = [*check_table(library, top / "doc" / "architecture.md"), *check_rooms(library),
                  *check_dependencies(library), *check_program(top / "cli")]
    for folder in (top / "cli", top / "tests" / "api", top / "tests" / "install"):
        complaints += check_outsiders(folder, internal)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
