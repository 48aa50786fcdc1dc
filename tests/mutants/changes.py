# SPDX-License-Identifier: MIT
"""The list of changes: which are made, which are known to change nothing, and how new ones are chosen.

changes.tsv holds a change a line: file, function, kind, occurrence, the lines before, the lines after. There are no
line numbers, so that an edit elsewhere in the function leaves a change valid. equivalent.tsv has a reason as its
seventh column: a change that no test can notice is never chosen.
"""
import json
import pathlib
import random
import shlex

from candidates import candidates

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
CHOSEN, EQUIVALENT = HERE / "changes.tsv", HERE / "equivalent.tsv"
COLUMNS = "file\tfunction\tkind\toccurrence\tbefore\tafter"
FOLDERS = ("libbounce", "cli")
NOT_TESTED = {"embed_rules.c"}  # runs when the library is built
A_FUNCTION = 3  # most changes chosen of one function


def read_keys(path):
    """The changes in a list, each with the other columns of its line."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]] if path.exists() else []
    return {(file, function, kind, before, after, int(occurrence)): rest
            for file, function, kind, occurrence, before, after, *rest in rows}


def write_list(path, changes):
    rows = ["\t".join((c.file, c.function, c.kind, str(c.occurrence), c.before, c.after))
            for c in sorted(changes, key=lambda c: (c.file, c.start, c.end, c.after))]
    path.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")


def arguments_of(build):
    """{source: compiler arguments that matter to its reader}."""
    result = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        words = shlex.split(entry["command"])
        kept = []
        for word, following in zip(words, [*words[1:], ""]):
            if word == "-isystem":
                kept += [word, following]
            elif word.startswith(("-I", "-D", "-std")):
                kept.append(word)
        result.setdefault(pathlib.Path(entry["file"]), kept)
    return result


def sources():
    """Every source with code to change."""
    paths = [path for folder in FOLDERS for path in (TOP / folder).rglob("*.[ch]") if path.name not in NOT_TESTED]
    return sorted(paths)


def all_candidates(build, files=None):
    """Every possible change, in all sources or in those named."""
    arguments = arguments_of(build)
    result = []
    for path in sources():
        name = path.relative_to(TOP).as_posix()
        if files is not None and name not in files:
            continue
        # A header is parsed by itself, with the arguments of any source of its area.
        area = [source for source in arguments if source.is_relative_to(TOP / path.relative_to(TOP).parts[0])]
        words = arguments[path] if path in arguments else [*arguments[area[0]], "-xc"]
        result += candidates(path, name, words)
    return result


def fits(change, chosen):
    """Whether a change may be added to those chosen: not close to others, and not too many of one function."""
    same = [c for c in chosen if c.file == change.file]
    return (not any(change.overlaps(c) for c in same)
            and sum(c.function == change.function for c in same) < A_FUNCTION)


def draw(rng, pool, chosen, compiles):
    """One suitable change of a file: first its kind is drawn, so that frequent kinds do not crowd out others."""
    while pool:
        kind = rng.choice(sorted({c.kind for c in pool}))
        change = rng.choice([c for c in pool if c.kind == kind])
        pool.remove(change)
        if fits(change, chosen) and compiles(change):
            return change
    return None


def fill_room(rng, files, chosen, wanted, compiles):
    """Chooses changes from the files of one room in turn, until there are enough."""
    names = sorted(files)
    rng.shuffle(names)
    # Files with the fewest changes so far come first.
    names.sort(key=lambda name: sum(c.file == name for c in chosen))
    while wanted > 0 and any(files.values()):
        for name in names:
            change = draw(rng, files[name], chosen, compiles) if wanted > 0 else None
            if change is not None:
                chosen.append(change)
                wanted -= 1


def kept(keys, found):
    """The changes with these keys, also if a function has moved to another file."""
    by_key = {c.key: c for c in found}
    by_rest = {}
    for change in found:
        by_rest.setdefault(change.key[1:], []).append(change)
    for key in keys:
        if key in by_key:
            yield by_key[key]
        elif len(by_rest.get(key[1:], ())) == 1:
            yield by_rest[key[1:]][0]


def choose(seed, count, found, keys, compiles):
    """count changes, as far as possible the same number of each room; those of the keys stay as long as they exist."""
    rng = random.Random(seed)
    equivalent = read_keys(EQUIVALENT)
    rooms = {}
    for change in found:
        if change.key not in equivalent:
            rooms.setdefault(change.room, {}).setdefault(change.file, []).append(change)
    chosen = []
    for change in kept(keys, found):
        if change.key not in equivalent and fits(change, chosen):
            chosen.append(change)
    for number, room in enumerate(sorted(rooms)):
        share = count // len(rooms) + (number < count % len(rooms))
        have = [c for c in chosen if c.room == room]
        for extra in rng.sample(have, max(0, len(have) - share)):
            chosen.remove(extra)
        fill_room(rng, rooms[room], chosen, share - len(have), compiles)
    # If small rooms have too few, the others have more.
    everything = {file: pool for files in rooms.values() for file, pool in files.items()}
    fill_room(rng, everything, chosen, count - len(chosen), compiles)
    return chosen


def listed(build):
    """The changes of the list that the sources still have, and the keys of the others."""
    keys = read_keys(CHOSEN)
    equivalent = set(keys) & set(read_keys(EQUIVALENT))
    found = {c.key: c for c in all_candidates(build, {key[0] for key in keys})}
    changes = [found[key] for key in keys if key in found and key not in equivalent]
    return changes, [key for key in keys if key not in found or key in equivalent]
