"""What a jq filter may do, and the kubectl inside jq."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.interop.jq_filters import Filter, Join, read_filter
from compliance.interop.jq_tokens import code_tokens
from compliance.interop.kubectl_get import Get
from compliance.interop.shell_words import read_pipeline


def read(script: str, *, last: bool = True) -> tuple[Filter, tuple[Join, ...]]:
    (command,) = read_pipeline(script)
    return read_filter(command, script, last=last, joins=0)


@pytest.mark.parametrize(
    "program",
    [
        ".spec.containers[].env",
        '."env" | ."halt"',
        "{env: .a, input: 1, $x, now: now}",
        ". as {env: $e, halt: $h} | $e",
        '"env \\(.env) halt"',
        '"\\("env")"',
        "# env\n.a",
        '@sh "echo \\(.a)"',
        '[limit(3; .[])], getpath(["a"]), input_',
        "def environment: .; environment",
        "debug | stderr | now | todate",
        "a::b | $a::b",
        "..|.a?//1e3",
    ],
)
def test_what_only_looks_like_something_refused_is_read(program: str) -> None:
    quoted = program.replace("'", "'\\''")
    assert read(f"jq '{quoted}'")[0].program == program


@pytest.mark.parametrize(
    ("program", "word"),
    [
        ("env", "env"),
        ("env.PATH", "env"),
        ("$ENV.PATH", "$ENV"),
        ("$ ENV", "$ENV"),
        ('"\\(env)"', "env"),
        ('"a\\("b\\(env)")"', "env"),
        ('{"a": env}', "env"),
        ("{a: (1, env)}", "env"),
        ("{(env): 1}", "env"),
        ("[1, env]", "env"),
        (".a | halt", "halt"),
        ("halt_error(1)", "halt_error"),
        ("input", "input"),
        ("[inputs]", "inputs"),
        ("input_filename", "input_filename"),
        ("input_line_number", "input_line_number"),
        ('import "a" as a; 1', "import"),
        ('include "a"; 1', "include"),
        ("get_search_list", "get_search_list"),
        ('"a" | modulemeta', "modulemeta"),
        ("now | localtime", "localtime"),
        ('strflocaltime("%H")', "strflocaltime"),
        ("def env: 1; .", "env"),
    ],
)
def test_what_reaches_outside_or_ends_early_is_refused(program: str, word: str) -> None:
    with pytest.raises(ReadError, match="is not allowed here") as refused:
        read(f"jq '{program}'")
    assert f"jq's {word} is" in refused.value.message
    assert refused.value.remedy


def test_a_refusal_has_its_place_in_the_query() -> None:
    with pytest.raises(ReadError) as refused:
        read("jq '.items[]\n  | env'")
    assert refused.value.span is not None
    assert (refused.value.span.line, refused.value.span.column) == (2, 5)


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ('"a', "a string is never closed"),
        ('"\\(', "\\( is never closed"),
        ("(.a", "( is never closed"),
        ("[.a)", ") closes nothing"),
        ("}", "} closes nothing"),
        ("# a \\\nenv", "a comment ends with a backslash"),
    ],
)
def test_what_no_jq_reads_is_refused(program: str, why: str) -> None:
    with pytest.raises(ReadError, match="is no jq") as refused:
        read(f"jq '{program}'")
    assert why in refused.value.message


@given(program=st.text('ab.[](){}"\\#$|,:; \nenv', max_size=30))
def test_any_text_is_tokens_or_refused(program: str) -> None:
    try:
        tokens = list(code_tokens(program))
    except ReadError:
        return
    assert all(program[token.at :].startswith(token.text) for token in tokens)


@pytest.mark.parametrize("options", ["-r", "-c", "-rc", "--raw-output", "-S --tab", "--indent 2 -M", "-j -a"])
def test_options_of_printing_say_nothing(options: str) -> None:
    assert read(f"jq {options} .a")[0] == Filter(".a", slurp=False, at=len(f"jq {options} "))


def test_slurping_and_variables_are_kept() -> None:
    found, _ = read("""jq -s --arg a '1 2' --argjson b '{"c":1}' '$a'""")
    assert (found.slurp, found.variables) == (True, {"a": "1 2", "b": {"c": 1}})


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("jq -e .a", "-e is not one"),
        ("jq -n '[.]'", "-n is not one"),
        ("jq --exit-status .a", "--exit-status is not one"),
        ("jq -f file", "-f is not one"),
        ("jq -L lib .a", "-L is not one"),
        ("jq --rawfile a /etc/passwd .a", "--rawfile is not one"),
        ("jq --slurpfile a /etc/passwd .a", "--slurpfile is not one"),
        ("jq .a file.json", "reads no files"),
        ("jq", "has no filter"),
        ("jq --arg a", "needs a name and a value"),
        ("jq --arg a-b c .", "is no name"),
        ("jq --argjson a '{' .", "is no JSON"),
        ("jq --arg __joined x .", "is no name"),
        ("grep a", "the program 'grep' is not run"),
        ("jq '$__joined'", "is ours"),
    ],
)
def test_other_options_and_programs_are_refused(script: str, why: str) -> None:
    with pytest.raises(ReadError) as refused:
        read(script)
    assert why in refused.value.message
    assert refused.value.remedy


def test_raw_text_is_for_the_last_filter() -> None:
    with pytest.raises(ReadError, match="the next jq cannot read"):
        read("jq -r .a", last=False)


@pytest.mark.parametrize(
    "nested",
    [
        '[kubectl get netpol -n $ns -o json | jq ".items | length"]',
        "[ kubectl -n $ns get netpol -o=json | jq '.items | length' ]",
        '[kubectl get netpol --namespace $ns -ojson | jq -r ".items | length"]',
    ],
)
def test_a_kubectl_inside_jq_becomes_a_join(nested: str) -> None:
    quoted = f".items[] | .metadata.name as $ns | {nested} | .[0] == 0".replace("'", "'\\''")
    found, joins = read(f"jq '{quoted}'")
    assert joins == (Join(Get("netpol", all_namespaces=True), (".items | length",)),)
    assert "kubectl" not in found.program
    assert found.program.endswith("| (.items | length)] | .[0] == 0")


def test_a_join_keeps_its_selectors_and_filters() -> None:
    _, joins = read("""jq '[kubectl get po -l a=b -n $ns -o json | jq ".items[]" | jq .a] | length'""")
    assert joins == (Join(Get("po", all_namespaces=True, selector="a=b"), (".items[]", ".a")),)


@pytest.mark.parametrize(
    ("nested", "why"),
    [
        ("(kubectl get netpol -n $ns -o json)", "jq cannot run kubectl"),
        ("kubectl get netpol", "jq cannot run kubectl"),
        ("[kubectl get netpol -o json | jq .items]", "names no namespace by a variable"),
        ("[kubectl get netpol -n prod -o json | jq .items]", "names no namespace by a variable"),
        ("[kubectl get netpol -A -n $ns -o json | jq .items]", "-A inside jq"),
        ("[kubectl get netpol,po -n $ns -o json | jq .items]", "more than the objects of one resource"),
        ("[kubectl get netpol x -n $ns -o json | jq .items]", "more than the objects of one resource"),
        ("[kubectl get netpol $x -n $ns -o json | jq .items]", "more than the objects of one resource"),
        ("[kubectl get netpol -n $ns -o json]", "goes through no jq"),
        ("[kubectl get netpol -n $ns -o yaml | jq .items]", "-o json"),
        ("[kubectl delete netpol -n $ns -o json | jq .items]", "only kubectl get"),
        ("[kubectl get netpol -n $ns -o json | wc -l]", "'wc' is not run"),
        ("[kubectl get netpol -n $ns -o json | jq -s .]", "more than a filter"),
        ('[kubectl get netpol -n $ns -o json | jq "env"]', "env is not allowed"),
        ('[kubectl get netpol -n $ns -o json | jq ".a) | (env"]', "closes nothing"),
        ('[kubectl get netpol -n $ns -o json | jq ". # "]', "more than a filter"),
        ('[kubectl get netpol -n $ns -o json | jq "$x"]', "$x is a variable to a shell"),
        ("[kubectl get netpol -n $ns -o json > f]", "redirects"),
        ("[kubectl get netpol -n $(x) -o json | jq .]", "what another command prints"),
        ("[kubectl get netpol -n $ns -o json; ls]", "second command"),
        ("[kubectl get netpol -l $ns -n $ns -o json | jq .]", "is no label selector"),
    ],
)
def test_any_other_shell_inside_jq_is_refused(nested: str, why: str) -> None:
    script = f"jq '.metadata.name as $ns | {nested}'"
    with pytest.raises(ReadError) as refused:
        read(script)
    assert why in refused.value.message
    assert refused.value.remedy
    assert refused.value.span is not None
    assert refused.value.span.column > len("jq '.metadata.name as $ns")
