# SPDX-License-Identifier: MIT
"""Every small change that could be made to a C source.

candidates() reads a file with libclang and yields a Change for each expression or statement of its functions that
can be changed in a way that still compiles. Expressions that must be constant, and everything that comes from a
macro, are left alone. So are calls that only free something: their absence shows in the builds with sanitizers, not in
the result of a test.
"""
import dataclasses
import re
import sys

try:
    from clang import cindex
except ImportError:  # Debian's module, which also works with another Python
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        from clang import cindex
    except ImportError:
        sys.exit("libclang for Python is missing (Debian: python3-clang-14, libclang-14-dev)")

K = cindex.CursorKind

COMPARISONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",)}
LOGIC = {"&&": "||", "||": "&&"}
ARITHMETIC = {"+": "-", "-": "+"}
ASSIGNMENTS = {"=", "+=", "-=", "|=", "&=", "^=", "*=", "/=", "<<=", ">>=", "%="}
TRUTH = {"true": "false", "false": "true"}
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|0|[1-9]\d*)([uUlL]*)$")
CHARACTER = re.compile(r"'(?:[^'\\]|\\.|\\x[0-9a-fA-F]+|\\[0-7]+)'$")
GIVES_BACK = re.compile(r"(\w*_)?(free|unref|close|clear|munmap|closedir|destroy)\s*\(")
NOT_EVALUATED = {K.CXX_UNARY_EXPR, K.ENUM_DECL, K.STRUCT_DECL, K.UNION_DECL, K.TYPEDEF_DECL, K.STATIC_ASSERT}
INTEGERS = {cindex.TypeKind.INT, cindex.TypeKind.UINT, cindex.TypeKind.LONG, cindex.TypeKind.ULONG,
            cindex.TypeKind.LONGLONG, cindex.TypeKind.ULONGLONG, cindex.TypeKind.SHORT, cindex.TypeKind.USHORT,
            cindex.TypeKind.UCHAR, cindex.TypeKind.SCHAR, cindex.TypeKind.CHAR_S, cindex.TypeKind.BOOL}


@dataclasses.dataclass
class Change:
    """One change: the bytes from start to end of the file become the replacement. before and after are the lines around
    it, by which people understand it and by which it is found again."""
    file: str
    function: str
    kind: str
    before: str
    after: str
    occurrence: int = 1
    start: int = 0
    end: int = 0
    replacement: str = ""

    @property
    def key(self):
        """Finds the change again after an edit elsewhere."""
        return (self.file, self.function, self.kind, self.before, self.after, self.occurrence)

    @property
    def room(self):
        """The folder to which this change belongs when shares are computed."""
        return self.file.rpartition("/")[0]

    def overlaps(self, other):
        return self.file == other.file and self.start < other.end and other.start < self.end


def one_line(text):
    return " ".join(text.split())


class Reader:
    """One file and the changes found in it."""

    def __init__(self, path, name, arguments):
        self.name = name
        self.bytes = path.read_bytes()
        options = cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        self.unit = cindex.Index.create().parse(str(path), args=arguments, options=options)
        errors = [d for d in self.unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
        if errors:
            sys.exit(f"{name}: {errors[0]}")
        own = [cursor for cursor in self.unit.cursor.get_children()
               if cursor.location.file and cursor.location.file.name == str(path)]
        self.macros = [self.extent(cursor) for cursor in own if cursor.kind == K.MACRO_INSTANTIATION]
        self.functions = [cursor for cursor in own if cursor.kind == K.FUNCTION_DECL and cursor.is_definition()]
        self.function = None
        self.found = []

    def extent(self, cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def text(self, start, end):
        return self.bytes[start:end].decode("utf-8", "replace")

    def of(self, cursor):
        return self.text(*self.extent(cursor))

    def in_macro(self, place, end):
        """Whether either end of this range is inside the expansion of a macro."""
        return any(a < place < b or a < end < b for a, b in self.macros)

    def add(self, kind, start, end, text):
        """Notes that the bytes from start to end may become this text."""
        if start >= end or self.in_macro(start, end):
            return
        first, last = self.bytes.rfind(b"\n", 0, start) + 1, self.bytes.find(b"\n", end)
        before = one_line(self.text(first, last))
        after = one_line(self.text(first, start) + text + self.text(end, last))
        self.found.append(Change(self.name, self.function.spelling, kind, before, after, 1, start, end, text))

    def operator(self, left, right):
        """The operator between two operands, "" if a macro hides it."""
        start, end = self.extent(left)[1], self.extent(right)[0]
        if start >= end or any(a <= start < b and a < end <= b for a, b in self.macros):
            return ""
        return self.text(start, end).strip()

    # ------------------------------------------------------------ expressions

    def binary(self, cursor, parents):
        operands = list(cursor.get_children())
        if len(operands) != 2:
            return
        left, right = operands
        sign, (start, end) = self.operator(left, right), self.extent(cursor)
        a, b = self.of(left), self.of(right)
        for other in COMPARISONS.get(sign, ()):
            if not (other == sign + "=" or other + "=" == sign) or not self.chooses(parents[-1], {a, b}):
                self.add("compare", start, end, f"{a} {other} {b}")
        if sign in LOGIC:
            self.add("and-or", start, end, enclosed(f"{a} {LOGIC[sign]} {b}", parents))
            self.add("drop-condition", start, end, a)
            self.add("drop-condition", start, end, b)
        if sign in ARITHMETIC and is_integer(right):
            self.add("arithmetic", start, end, enclosed(f"{a} {ARITHMETIC[sign]} {b}", parents))

    def chooses(self, parent, operands):
        """Whether parent is a < b ? a : b, where it makes no difference on which side equal values are."""
        return (parent.kind == K.CONDITIONAL_OPERATOR
                and {self.of(branch) for branch in list(parent.get_children())[1:]} == operands)

    def literal(self, cursor, parents):
        start, end = self.extent(cursor)
        text = self.text(start, end)
        if parents[-1].kind == K.UNEXPOSED_EXPR and parents[-1].type.get_canonical().kind == cindex.TypeKind.POINTER:
            return  # a null pointer
        if text in TRUTH:
            self.add("constant", start, end, TRUTH[text])
        elif match := NUMBER.match(text):
            value, suffix = int(match[1], 16 if match[1][:2] in ("0x", "0X") else 10), match[2]
            self.add("constant", start, end, f"{value + 1}{suffix}")
            if value > 0:
                self.add("constant", start, end, f"{value - 1}{suffix}")
        elif CHARACTER.match(text):
            self.add("constant", start, end, f"{text} + 1")

    def condition(self, cursor):
        """The condition of an if, a while or a ?: is negated."""
        while cursor.kind == K.UNEXPOSED_EXPR and len(list(cursor.get_children())) == 1:
            cursor = next(cursor.get_children())
        if cursor.kind in (K.BINARY_OPERATOR, K.INTEGER_LITERAL):
            operands = list(cursor.get_children())
            if len(operands) == 2 and self.operator(*operands) in COMPARISONS:
                return  # already a change of the comparison
        start, end = self.extent(cursor)
        self.add("negate", start, end, f"!({self.text(start, end)})")

    def always(self, cursor):
        """One condition of an if is removed."""
        start, end = self.extent(cursor)
        self.add("drop-condition", start, end, "true")
        self.add("drop-condition", start, end, "false")

    def returned(self, cursor):
        value = next(cursor.get_children(), None)
        if value is None or self.function.result_type.get_canonical().kind != cindex.TypeKind.BOOL:
            return
        start, end = self.extent(value)
        if self.text(start, end) not in TRUTH:
            self.add("negate", start, end, f"!({self.text(start, end)})")

    # ------------------------------------------------------------- statements

    def statement(self, cursor):
        """A call or an assignment is removed."""
        start, end = self.extent(cursor)
        semicolon = re.compile(rb"\s*;").match(self.bytes, end)
        if not semicolon:
            return
        if cursor.kind == K.BINARY_OPERATOR:
            operands = list(cursor.get_children())
            if len(operands) != 2 or self.operator(*operands) not in ASSIGNMENTS:
                return
        elif cursor.kind == K.UNARY_OPERATOR:
            if not re.search(r"\+\+|--", self.text(start, end)):
                return
        elif cursor.kind == K.CALL_EXPR:
            if GIVES_BACK.match(self.text(start, end)):
                return
        elif cursor.kind != K.COMPOUND_ASSIGNMENT_OPERATOR:
            return
        self.add("drop-statement", start, semicolon.end(), ";")

    # ---------------------------------------------------------------- walking

    def initialiser(self, cursor):
        """Where the value of a variable begins, so that array sizes are left alone."""
        equals = self.bytes.find(b"=", cursor.location.offset, cursor.extent.end.offset)
        return equals if equals >= 0 else cursor.extent.end.offset

    def visit(self, cursor, parents):
        children = list(cursor.get_children())
        kind = cursor.kind
        if kind in NOT_EVALUATED:
            return
        if kind == K.VAR_DECL:
            if cursor.storage_class == cindex.StorageClass.STATIC:
                return
            begin = self.initialiser(cursor)
            children = [child for child in children if child.extent.start.offset > begin]
        elif kind == K.CASE_STMT:
            children = children[1:]
        elif kind == K.INIT_LIST_EXPR and self.of(cursor) == "{0}":
            return
        elif kind == K.BINARY_OPERATOR:
            self.binary(cursor, parents)
        elif kind in (K.INTEGER_LITERAL, K.CHARACTER_LITERAL):
            self.literal(cursor, parents)
        elif kind in (K.IF_STMT, K.WHILE_STMT, K.CONDITIONAL_OPERATOR) and children:
            self.condition(children[0])
            if kind == K.IF_STMT:
                self.always(children[0])
        elif kind == K.RETURN_STMT:
            self.returned(cursor)
        bodies = children
        if kind in (K.IF_STMT, K.WHILE_STMT):
            bodies = children[1:]
        elif kind == K.FOR_STMT:
            bodies = children[-1:]
        if kind in (K.COMPOUND_STMT, K.IF_STMT, K.WHILE_STMT, K.FOR_STMT, K.CASE_STMT, K.DEFAULT_STMT, K.LABEL_STMT):
            for child in bodies:
                self.statement(child)
        for child in children:
            self.visit(child, [*parents, cursor])

    def read(self):
        for function in self.functions:
            self.function = function
            for child in function.get_children():
                if child.kind == K.COMPOUND_STMT:
                    self.visit(child, [])
        return self.found


def enclosed(text, parents):
    """The text, in brackets if it is an operand."""
    return f"({text})" if parents[-1].kind in (K.BINARY_OPERATOR, K.UNEXPOSED_EXPR, K.UNARY_OPERATOR) else text


def is_integer(cursor):
    return cursor.type.get_canonical().kind in INTEGERS


def numbered(changes):
    """Numbers the changes of a function that read the same."""
    seen, result = {}, {}
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        place = (change.start, change.end, change.replacement)
        if place in result:
            continue
        same = change.key[:-1]
        seen[same] = seen.get(same, 0) + 1
        change.occurrence = seen[same]
        result[place] = change
    return list(result.values())


def candidates(path, name, arguments):
    """All changes to the file at path, which the lists call name."""
    return numbered(Reader(path, name, arguments).read())
