"""Every built-in function that we answer for, held against OPA's own answer."""

from __future__ import annotations

import itertools
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from compliance import tools
from compliance.engine import builtins
from compliance.engine.rego_values import Number, RegoObject, RegoSet, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from compliance.engine.rego_values import Value

    Case = tuple[str, tuple[str, ...]]


def texts(name: str, *columns: Iterable[object]) -> Iterator[Case]:
    """Every combination of these arguments: Rego text for what is no str."""
    for combination in itertools.product(*columns):
        yield name, tuple(one.rego if isinstance(one, Rego) else json.dumps(one) for one in combination)


class Rego:
    """An argument that is written in Rego."""

    def __init__(self, rego: str) -> None:
        self.rego = rego


def rego(*written: str) -> list[Rego]:
    return [Rego(one) for one in written]


def words(text: str) -> list[str]:
    return text.split()


VALUES = words(
    '0 5 -3 123456789 1.5 -0.25 1.50 1e3 1.0 1000000.0 123456.5 0.0001 0.00001 1e21 1e-7 65 8364 1114112 -1 "hi" ""'
    ' "ü\\n\\u2028\\"x" true null [1,2.50,"a"] {1,"b",[2]} set() {} {"a":{1},2:3} 12345678901234567890123'
    " -12345678901234567890123 9223372036854775807 9223372036854775808 1e400"
)
FLAGS = ("", "5", "-5", "05", "+", "#", " ", ".2", "8.3", "-08.3", "# ", ".0", "+05", "#08", "#10", "+#6", "10.12")
LAYOUTS = words(
    "% %! %d|%d %[2]d|%[1]d %[3]d %[2]d|%d %*d %-*d %.*f %[1]*d %[x]d %[]d %[ %[1 %[1] %. %5 %5. %.d %1000001d"
    " %99999999999d %[1]2d %[1].2f %[2]*[1]d %é %%%d %5% %-+#0d %v|%v|%v %[99]d %[0]d %6.*[2]d %.[2]*[1]f %*% %*.*f %w"
)
VERSIONS = words(
    "1.2.3 v1.2.3 1.2.3-alpha 1.2.3-alpha.1 1.2.3-1 1.2.3-a.b.c 1.2.3+meta 1.2.3-rc.1+meta 01.2.3 1.2 1.2.3.4 1.2.3-"
    " 1.2.3-01 1.2.3-0a 1.2.3-a..b 1.0.0-beta.11 1.0.0-beta.2 1.0.0 99999999999999999999.0.0 1.2.3+ vv1.2.3 1.2.3-a-b"
)
QUANTITIES = words(
    '10 10k 10K 10Ki 10kI 200m 1M 1Mi 1mi 1.5G 1e3 1e3Ki 1E 1e 1ei 1. 1.e2 .5 -1 +1 --1 1Q k 1e1234567 "10" 1_000 010'
    " 1e+2 1e-2k 0x10 1.2.3 1kb 10MB 10mib 1.5gb 0.1kb 1.0000001kb 123456789012345678901234567890kb 1e-5mb ½ 10٣ 1n 0m"
    " 333m 0.0005m -0.5gb 1.9 -1.9"
)
STRINGS = (
    "",
    "a",
    "aa",
    "aaa",
    "abcabc",
    "üöü",
    "日本語日本",
    "a,b,c",
    "a%20b",
    "%zz",
    "a+b&c=d",
    "x=1&x=2&y=&z",
    "a;b",
)
ENCODED = (*STRINGS, "%e2%82%ac", "%ff", "~-_.!*'()", "f{oo*}[a-b]!?\\,", "48656c6c6f", "FFfe", "\0", "😀")
UUIDS = words(
    "00000000-0000-0000-0000-000000000000 6ba7b810-9dad-11d1-80b4-00c04fd430c8 {6ba7b810-9dad-11d1-80b4-00c04fd430c8}"
    " URN:UUID:6ba7b810-9dad-11d1-80b4-00c04fd430c8 6ba7b8109dad11d180b400c04fd430c8"
    " 000003e8-9dad-21d1-8002-03c04fd430c8 f47ac10b-58cc-4372-a567-0e02b2c3d479 f47ac10b-58cc-4372-c567-0e02b2c3d479"
    " f47ac10b-58cc-4372-e567-0e02b2c3d479 ffffffff-ffff-1fff-bfff-ffffffffffff 00000000-0000-1000-8000-000000000000"
    " 6ba7b810_9dad-11d1-80b4-00c04fd430c8 000003e8-9dad-21d1-80ff-03c04fd430c8 nothing"
)
NETWORKS = words(
    "10.0.0.0/8 10.1.2.3/16 10.1.2.3/33 10.1.2.3 1.2.3/8 2001:db8::/32 2001:db8::1/128 ::/0 0.0.0.0/0 10.0.0.0/08"
    " 10.0.0.0/+8 10.0.0.0/ /8 010.0.0.0/8 fe80::1%eth0/64 256.0.0.0/8"
)
HOLDERS = rego(
    *words(
        '{} {"a":1} {"a":1,"b":{"c":[1,2,3],"d":{1,2}}} {"b":{"c":[2,3]}} {"b":{"d":{3}}} {1} {1,2} set() [] [1]'
        " [1,2,3] [2,3] [1,1] [3,1] {1.0} {2,3} [{}] {{}} {1:2}"
    )
)
TIMES = words(
    "0 1 -1 1700000000123456789 -9223372036854775808 9223372036854775807 9223372036854775808 1.5 1e18"
    " 1710054000000000000 1729994400000000000 951782400000000000"
)
ZONES = ("", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/St_Johns", "EST", "No/Such", "../etc")
FORMATS = (
    *("2006-01-02", "January 2, 2006", "Jan _2 15:04:05 MST 2006", "__2 002", "Monday Mon", "3:04PM", "03:04:05pm"),
    *("06/1/2", "15h 4m 5s", ".000", ".999", "05.999999", "05,000", "-07 -0700 -07:00 -070000 -07:00:00"),
    *("Z07 Z0700 Z07:00 Z070000 Z07:00:00", "ANSIC", "RFC822", "RFC850", "RFC1123Z", "RFC3339", "RFC3339Nano"),
    *("_2006", "Janet Mont", "20060102150405", "", "ünïcode 2006", "007", ".0009", ".00x"),
)
PARSED = (
    *(
        ("2006-01-02", "2024-03-10"),
        ("2006-1-2", "2024-3-1"),
        ("Jan _2 2006", "mAR  1 2024"),
        ("06", "69"),
        ("06", "68"),
    ),
    *(("January 2 2006", "march 10 2024"), ("January 2 2006", "Mar 10 2024"), ("3:04PM 2006", "12:04AM 2024")),
    *(("3:04PM 2006", "13:04PM 2024"), ("2006 002", "2024 060"), ("2006 002", "2023 366"), ("2006 __2", "2024   5")),
    *(
        ("2006-01-02 002", "2024-02-28 060"),
        ("15:04:05.000 2006", "1:02:03.4 2024"),
        ("15:04:05 2006", "1:02:03.5 2024"),
    ),
    *(("RFC822", "10 Mar 24 01:02 MST"), ("RFC822", "10 Mar 24 01:02 GMT+3"), ("RFC822", "10 Mar 24 01:02 +03")),
    *(("RFC822", "10 Mar 24 01:02 ABCD"), ("RFC822", "10 Mar 24 01:02 WITA"), ("RFC822Z", "10 Mar 24 01:02 +0330")),
    *(("RFC1123", "Sun, 10 Mar 2024 01:02:03 GMT"), ("2006-01-02Z07:00", "2024-03-10Z"), ("2006 ", "2024"), ("", "")),
    *(("2006-01-02Z070000", "2024-03-10-080130"), ("2006  01", "2024    03"), ("2006", "2024x"), ("2006", "1500")),
)
INSTANTS = words(
    "2024-02-29T12:34:56Z 2023-02-29T12:34:56Z 2024-02-29T12:34:56.123456789123Z 2024-02-29T12:34:56,5Z"
    " 2024-02-29T12:34:56+02:00 2024-02-29T12:34:56+24:60 2024-02-29T12:34:56+25:00 2024-02-29T1:34:56Z"
    " 2024-02-29T24:00:00Z 1677-09-21T00:12:43.145224192Z 1677-09-21T00:12:43.145224191Z 2024-02-29t12:34:56z"
    " 2262-04-11T23:47:16.854775807Z 2262-04-11T23:47:16.854775808Z 0000-01-01T00:00:00Z 9999-12-31T23:59:59Z"
)
DURATIONS = words(
    "1h 1.5h -1h30m +5s 0 -0 1 h 1d 1w 1y 1d12h -1d .5d 1..5d 1us 1µs 1μs 1ms1us1ns 9223372036854775807ns 1b1d"
    " 9223372036854775808ns -9223372036854775808ns 2562047h47m16.854775807s 1H 1day 1m1m 0.1ns .s 1.s 300y 1e3s 1d1μs"
)
YAMLS = (
    *(
        "",
        "~",
        "null",
        "true",
        "yes",
        "on",
        "0644",
        "0o644",
        "0x1F",
        "0b101",
        "08",
        "1_000",
        "1.",
        "+.5",
        "1e3",
        "1e-7",
    ),
    *(
        "1e21",
        "1e400",
        "1.50",
        "123456789012345678901234567890",
        "18446744073709551615",
        "-9223372036854775809",
        ".inf",
    ),
    *(
        ".nan",
        "2023-01-01",
        "2023-13-45",
        "20:30",
        "-0",
        "<<",
        "'yes'",
        "!!str 5",
        '!!int "5"',
        "!!float 3",
        "!!bool yes",
    ),
    *("!!binary aGk=", "!foo 5", "- a\n- [x, y: z]", "a: 1\nb: {c: [1, 2]}", "a: 1\na: 2", "1: a\ntrue: b", "~: a"),
    *("? [a]\n: b", "&x a: *x", "a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}", "a: {<<: 1}", "a: *nope", "a: &x [*x]"),
    *(
        "a: &x {p: 1}\nb: &y {p: 2, r: 4}\nc: {<<: [*x, *y]}\nd:\n  <<: *x\n  <<: *y",
        "a: 1\n---\nb: 2",
        "a: 1\n---\nb: [",
    ),
    *("a: |\n  x\n  y\n", "a:\n\tb: 1", "[1, 2", "\ufeffa: 1", "\0", "  a:\nb: 1", "010: a", "%YAML 3.0\n---\na: 1"),
)

CASES: dict[str, list[Case]] = {
    "sprintf": [
        *(
            ("sprintf", (json.dumps(f"<%{flags}{verb}>"), f"[{value}]"))
            for value, verb, flags in itertools.product(VALUES, "vdsqxXboOcUeEfFgGtTz%", FLAGS)
            if not (verb in "bxX" and any(mark in value for mark in ".eE") and value[0] in "-0123456789")
        ),
        *texts("sprintf", LAYOUTS, rego("[]", "[1]", "[3, 5.25]", '["a", 1]', "[5, -7]", "[1, 2, 3]", "[1, 5000000]")),
    ],
    "semver": [*texts("semver.compare", VERSIONS, VERSIONS), *texts("semver.is_valid", VERSIONS)],
    "units": [*texts("units.parse", QUANTITIES), *texts("units.parse_bytes", QUANTITIES)],
    "encodings": [
        case
        for name in (
            *("hex.encode", "hex.decode", "base64url.encode_no_pad", "urlquery.encode", "urlquery.decode"),
            *("urlquery.decode_object", "crypto.md5", "crypto.sha1", "crypto.sha256", "glob.quote_meta"),
        )
        for case in texts(name, ENCODED)
    ],
    "keyed": [
        case
        for name in ("md5", "sha1", "sha256", "sha512", "equal")
        for case in texts(f"crypto.hmac.{name}", STRINGS, ENCODED[-6:])
    ],
    "strings": [
        *texts("strings.count", STRINGS, STRINGS),
        *texts("indexof_n", STRINGS, STRINGS),
        *texts("strings.any_prefix_match", STRINGS, STRINGS),
        *texts("strings.any_suffix_match", (["ab", "cd"], [], "ab", Rego('{"ab", "x"}')), (["b"], [], "", ["z", "d"])),
        *texts("strings.split_n", STRINGS, ("", "a", ",", "日"), (-5, -1, 0, 1, 2, 100)),
        *texts("urlquery.encode_object", rego('{"a": ["1", "2"], "b": {"z", "y"}}', '{"ü": "&"}', '{"a": []}', "{}")),
    ],
    "identifiers": list(texts("uuid.parse", UUIDS)),
    "networks": [
        *texts("net.cidr_is_valid", NETWORKS),
        *texts("net.cidr_expand", ("192.168.1.0/28", "192.168.1.1/32", "2001:db8::ff00/125", "1.2.3.4")),
        *texts(
            "net.cidr_contains_matches",
            ("10.0.0.0/8", ["10.0.0.0/8", "2001:db8::/32"], Rego('{"10.0.0.0/8"}'), ["x"], {"a": "::/0"}),
            (
                "10.1.2.3",
                ["10.1.0.0/16", "9.9.9.9"],
                Rego('{["2001:db8::/48", 1]}'),
                [],
                ["nope"],
                {"k": "10.2.0.0/16"},
            ),
        ),
    ],
    "collections": [
        *texts("object.subset", HOLDERS, HOLDERS),
        *texts(
            "numbers.range_step", rego("1", "5", "-3", "1.0", "1.5"), rego("1", "10", "-7"), rego("1", "3", "0", "-1")
        ),
    ],
    "times": [
        *texts("time.date", rego(*TIMES)),
        *texts("time.weekday", rego(*TIMES)),
        *(
            (f"time.{name}", (f"[{time}, {json.dumps(zone)}]",))
            for name, time, zone in itertools.product(("clock", "date", "format"), TIMES, ZONES)
        ),
        *(
            ("time.format", (f"[{time}, {json.dumps(zone)}, {json.dumps(layout)}]",))
            for time, zone, layout in itertools.product(TIMES[:4], ZONES[1:6], FORMATS)
        ),
        *texts("time.add_date", rego(*TIMES), (0, 1, -1, 300, 100000), (0, 13, -13), (0, 31, -400, 10**18)),
        *(
            ("time.diff", (f'[{one}, "Europe/Berlin"]', f'[{other}, "Asia/Kolkata"]'))
            for one, other in itertools.product(TIMES, TIMES)
        ),
        *(("time.parse_ns", (json.dumps(layout), json.dumps(time))) for layout, time in PARSED),
        *texts("time.parse_rfc3339_ns", INSTANTS),
        *texts("time.parse_duration_ns", DURATIONS),
    ],
    "documents": [
        *texts("yaml.unmarshal", YAMLS),
        *texts("yaml.is_valid", YAMLS),
        *texts("yaml.unmarshal", [f"x: {one}" for one in YAMLS[:36]]),
    ],
}


@pytest.mark.real
@pytest.mark.parametrize("family", CASES)
def test_answers_are_opas_answers(family: str, opa: Path, tmp_path: Path) -> None:
    cases = CASES[family]
    expected = opas_answers(cases, opa, tmp_path)
    differing = [
        (name, arguments, told, ours)
        for (name, arguments), told, ours in zip(cases, expected, map(our_answer, cases), strict=True)
        if told != ours
    ]
    assert differing == []


@pytest.mark.real
def test_random_quantities_and_durations_are_opas_too(opa: Path, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - reproducible cases
    units = ["", "m", "k", "K", "Ki", "M", "Gi", "E", "ti", "kb", "KiB", "gb"]
    amounts = [f"{chance.random() * 10 ** chance.randint(-3, 9):.{chance.randint(0, 12)}f}" for _ in range(500)]
    cases = list(texts("units.parse", [amount + chance.choice(units) for amount in amounts]))
    cases += texts("units.parse_bytes", [amount + chance.choice(units) for amount in amounts])
    cases += texts("time.parse_duration_ns", [amount + chance.choice("hmswd") for amount in amounts])
    assert [our_answer(case) for case in cases] == opas_answers(cases, opa, tmp_path)


def our_answer(case: Case) -> str | None:
    name, arguments = case
    answer = builtins.call(name, arguments)
    return None if answer is None else json.dumps(plain(parse(answer)), sort_keys=True)


def plain(value: Value) -> Any:  # noqa: ANN401 - JSON with numbers as text
    match value:
        case Number():
            return value.text
        case RegoSet():
            return [plain(member) for member in value.members]
        case RegoObject():
            return {key: plain(item) for key, item in value.pairs}
        case list():
            return [plain(item) for item in value]
    return value


def opas_answers(cases: list[Case], opa: Path, folder: Path) -> list[str | None]:
    """Ask OPA for all cases at once: one table and one rule for each function."""
    tables: dict[tuple[str, int], list[str]] = {}
    for index, (name, arguments) in enumerate(cases):
        tables.setdefault((name, len(arguments)), []).append(f"[{index}, {', '.join(arguments)}]")
    rules = (_rule(name, arity, ",\n".join(rows)) for (name, arity), rows in tables.items())
    (folder / "cases.rego").write_text("package cases\n\n" + "\n\n".join(rules), encoding="utf-8")
    argv = [opa, "eval", "--data", str(folder / "cases.rego"), "--format", "json", "data.cases.answers"]
    done = tools.run(argv, deadline=120)
    assert done.returncode == 0, done.stdout[:2000]
    answers = json.loads(done.stdout, parse_float=str, parse_int=str)["result"][0]["expressions"][0]["value"]
    found = (answers.get(str(index), _UNDEFINED) for index in range(len(cases)))
    return [None if answer is _UNDEFINED else json.dumps(answer, sort_keys=True) for answer in found]


def _rule(name: str, arity: int, rows: str) -> str:
    arguments = ", ".join(f"case[{column}]" for column in range(1, arity + 1))
    return f"answers[case[0]] := {name}({arguments}) if some case in [\n{rows}\n]"


_UNDEFINED = object()
