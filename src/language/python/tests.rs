use super::*;
use crate::language::lexical::examples::{check, check_commands, facts_of};

#[test]
fn names_are_bound_to_values() {
    check(
        &READER,
        &[
            (
                r#"InferenceClient(token="x")"#,
                "argument InferenceClient() token = literal x",
                "x",
                r#"token="x""#,
            ),
            (
                r#"client = a.Client(
    token="x",
    model=m,
)"#,
                "argument a.Client() token = literal x",
                "x",
                r#"token="x""#,
            ),
            (r#"f(g(token="x"))"#, "argument g() token = literal x", "x", r#"token="x""#),
            (r#"Foo(**{"token": "x"})"#, "mapping Foo() token = literal x", "x", r#""token": "x""#),
            (r#"login("x", b)"#, "argument login() #0 = literal x", "x", r#""x""#),
            (r#"login("x", b)"#, "argument login() #1 = lookup b", "b", "b"),
            ("login(get())", "argument login() #0 = lookup get()", "get()", "get()"),
            (r#"f(a, token="x", *b)"#, "argument f() token = literal x", "x", r#"token="x""#),
            (
                r#"(a
 .b("c")
 .with_token("x"))"#,
                "argument with_token() #0 = literal x",
                "x",
                r#""x""#,
            ),
            (r#"token: str = "x""#, "assignment token = literal x", "x", r#"token: str = "x""#),
            (
                r#"token: str = Field("x", description="d")"#,
                "assignment token = literal x",
                "x",
                r#"token: str = Field("x", description="d")"#,
            ),
            (
                r#"token: str = Field(repr=False, default="x", alias="HF_TOKEN")"#,
                "default Field() HF_TOKEN = literal x",
                "x",
                r#"default="x", alias="HF_TOKEN""#,
            ),
            (
                r#"get = lambda a, token="x": token"#,
                "default token = literal x",
                "x",
                r#"token="x""#,
            ),
            (
                r#"f(key=lambda a, b: a, token="x")"#,
                "argument f() token = literal x",
                "x",
                r#"token="x""#,
            ),
            (
                r#"a = f"{load("m", token="x")} {b['c']}""#,
                "argument load() token = literal x",
                "x",
                r#"token="x""#,
            ),
            (
                r#"dict([("MODEL", "m"), ("HF_TOKEN", "x")])"#,
                "mapping HF_TOKEN = literal x",
                "x",
                r#""HF_TOKEN", "x""#,
            ),
            (
                r#"V1EnvVar(name="HF_TOKEN", value="x")"#,
                "mapping V1EnvVar() HF_TOKEN = literal x",
                "x",
                r#"name="HF_TOKEN", value="x""#,
            ),
            (
                r#"self.token = "x""#,
                "assignment self.token = literal x",
                "x",
                r#"self.token = "x""#,
            ),
            (
                r#"self.token: str | None = "x""#,
                "assignment self.token = literal x",
                "x",
                r#"self.token: str | None = "x""#,
            ),
            (r#"a = b = "x""#, "assignment b = literal x", "x", r#"b = "x""#),
            (r#"a = b = "x""#, "assignment a = literal x", "x", r#"a = b = "x""#),
            (r#"a, b = "x", "y""#, "assignment b = literal y", "y", r#"b = "x", "y""#),
            (r#"if c: token = "x""#, "assignment token = literal x", "x", r#"token = "x""#),
            (r#"else: token = "x""#, "assignment token = literal x", "x", r#"token = "x""#),
            (
                r#"if (token := "x"):
 pass"#,
                "assignment token = literal x",
                "x",
                r#"token := "x""#,
            ),
            (
                r#"os.environ["HF_TOKEN"] = "x""#,
                "assignment os.environ.HF_TOKEN = literal x",
                "x",
                r#"os.environ["HF_TOKEN"] = "x""#,
            ),
            (
                r#"a["b"][0]["token"] = "x""#,
                "assignment token = literal x",
                "x",
                r#"[0]["token"] = "x""#,
            ),
            (
                r#"headers["Authorization"] = "Bearer x""#,
                "assignment headers.Authorization = literal Bearer x",
                "Bearer x",
                r#"headers["Authorization"] = "Bearer x""#,
            ),
            (
                r#"post(url, headers={"Authorization": "Bearer x"})"#,
                "mapping post() headers.Authorization = literal Bearer x",
                "Bearer x",
                r#""Authorization": "Bearer x""#,
            ),
            (r#"x = {"a": [{"b": "y"}]}"#, "mapping x.a.[0].b = literal y", "y", r#""b": "y""#),
            (r#"tokens = ["x", "y"]"#, "mapping tokens.[1] = literal y", "y", r#""y""#),
            (
                r#"get(url, auth=("user", "x"))"#,
                "mapping get() auth.[1] = literal x",
                "x",
                r#""x""#,
            ),
            (r#"d = dict(token="x")"#, "mapping d.token = literal x", "x", r#"token="x""#),
            (
                r#"os.getenv("HF_TOKEN", "x")"#,
                "default os.getenv() HF_TOKEN = literal x",
                "x",
                r#""HF_TOKEN", "x""#,
            ),
            (
                r#"os.environ.get("HF_TOKEN", default="x")"#,
                "default os.environ.get() HF_TOKEN = literal x",
                "x",
                r#""HF_TOKEN", default="x""#,
            ),
            (
                r#"token = os.getenv("HF_TOKEN")"#,
                r#"assignment token = lookup os.getenv("HF_TOKEN")"#,
                r#"os.getenv("HF_TOKEN")"#,
                r#"token = os.getenv("HF_TOKEN")"#,
            ),
            (
                r#"os.environ["HF_TOKEN"] or "x""#,
                "default os.environ.HF_TOKEN = literal x",
                "x",
                r#"os.environ["HF_TOKEN"] or "x""#,
            ),
            (
                r#"t = os.getenv("HF_TOKEN") or "x""#,
                "default os.getenv() HF_TOKEN = literal x",
                "x",
                r#"os.getenv("HF_TOKEN") or "x""#,
            ),
            (
                r#"t = os.getenv("HF_TOKEN") or "x""#,
                "default t = literal x",
                "x",
                r#"t = os.getenv("HF_TOKEN") or "x""#,
            ),
            (r#"t = "x" if c else d"#, "default t = literal x", "x", r#"t = "x""#),
            (
                r#"getattr(a, "token", "x")"#,
                "default getattr() token = literal x",
                "x",
                r#""token", "x""#,
            ),
            (
                r#"p.add_argument("-t", "--hf-token", default="x")"#,
                "default p.add_argument() hf-token = literal x",
                "x",
                r#"hf-token", default="x""#,
            ),
            (
                r#"flags.DEFINE_string("hf_token", "x", "help")"#,
                "default flags.DEFINE_string() hf_token = literal x",
                "x",
                r#""hf_token", "x""#,
            ),
            (
                r#"def f(token="x", *, u: str = "y"): pass"#,
                "default token = literal x",
                "x",
                r#"token="x""#,
            ),
            (
                r#"def f(token="x", *, u: str = "y"): pass"#,
                "default u = literal y",
                "y",
                r#"u: str = "y""#,
            ),
            (
                r#"os.environ.setdefault("HF_TOKEN", "x")"#,
                "assignment os.environ.setdefault() HF_TOKEN = literal x",
                "x",
                r#""HF_TOKEN", "x""#,
            ),
            (
                r#"os.putenv("HF_TOKEN", "x")"#,
                "assignment os.putenv() HF_TOKEN = literal x",
                "x",
                r#""HF_TOKEN", "x""#,
            ),
            (
                r#"setattr(a, "token", "x")"#,
                "assignment setattr() token = literal x",
                "x",
                r#""token", "x""#,
            ),
            (r#"if token == "x": pass"#, "comparison token = literal x", "x", r#"token == "x""#),
            (r#""x" != a.token"#, "comparison a.token = literal x", "x", r#""x" != a.token"#),
            (
                r#"token.startswith("x")"#,
                "comparison token.startswith() #0 token = literal x",
                "x",
                r#""x""#,
            ),
            (
                r#"t = Secret.from_token("x")"#,
                "assignment t = literal x",
                "x",
                r#"t = Secret.from_token("x")"#,
            ),
            (
                r#"t = Secret.from_token("x")"#,
                "argument Secret.from_token() #0 = literal x",
                "x",
                r#""x""#,
            ),
            (
                r#"t = SecretStr(str(b"x"))"#,
                "assignment t = literal x",
                "x",
                r#"t = SecretStr(str(b"x"))"#,
            ),
            (r#"t = "a" "b""#, "assignment t = literal ab", r#"a" "b"#, r#"t = "a" "b""#),
            (
                r#"t = ("a"
     "b")"#,
                "assignment t = literal ab",
                r#"a"
     "b"#,
                r#"t = ("a"
     "b")"#,
            ),
            (r#"t = "a" + 'b'"#, "assignment t = literal ab", r#"a" + 'b"#, r#"t = "a" + 'b'"#),
            (
                r#"t = "a" + b"#,
                r#"assignment t = template "a" + b"#,
                r#""a" + b"#,
                r#"t = "a" + b"#,
            ),
            (r#"t = f"a {b}""#, "assignment t = template a {b}", "a {b}", r#"t = f"a {b}""#),
            (r#"t = f"a""#, "assignment t = literal a", "a", r#"t = f"a""#),
            (
                r#"t = "a %s" % b"#,
                r#"assignment t = template "a %s" % b"#,
                r#""a %s" % b"#,
                r#"t = "a %s" % b"#,
            ),
            (
                r#"t = "a {}".format(b)"#,
                r#"assignment t = template "a {}".format(b)"#,
                r#""a {}".format(b)"#,
                r#"t = "a {}".format(b)"#,
            ),
            (
                r#"t = "\x41\u0042\103\q""#,
                r"assignment t = literal ABC\q",
                r"\x41\u0042\103\q",
                r#"t = "\x41\u0042\103\q""#,
            ),
            (
                r#"t = "a\
b""#,
                "assignment t = literal ab",
                r#"a\
b"#,
                r#"t = "a\
b""#,
            ),
            (r#"t = r"\x41""#, r#"assignment t = literal \x41"#, r#"\x41"#, r#"t = r"\x41""#),
            (
                r#"t = """a
"b""""#,
                r#"assignment t = literal a
"b"#,
                r#"a
"b"#,
                r#"t = """a
"b""""#,
            ),
            (
                r#"t = "".join(["a", "b"])"#,
                "assignment t = literal ab",
                r#"a", "b"#,
                r#"t = "".join(["a", "b"])"#,
            ),
            (r#"t = "ba"[::-1]"#, "assignment t = literal ab", "ba", r#"t = "ba"[::-1]"#),
            (
                r#"t = bytes.fromhex("6869")"#,
                "assignment t = literal hi",
                "6869",
                r#"t = bytes.fromhex("6869")"#,
            ),
            (
                r#"t = "".join(map(chr, [104, 105]))"#,
                "assignment t = literal hi",
                "104, 105",
                r#"t = "".join(map(chr, [104, 105]))"#,
            ),
            (
                r#"t = "".join(chr(c) for c in [104, 105])"#,
                "assignment t = literal hi",
                "104, 105",
                r#"t = "".join(chr(c) for c in [104, 105])"#,
            ),
            (
                "t = bytes([104, 105]).decode()",
                "assignment t = literal hi",
                "104, 105",
                "t = bytes([104, 105]).decode()",
            ),
            (
                "t = chr(104) + chr(105)",
                "assignment t = literal hi",
                "104) + chr(105",
                "t = chr(104) + chr(105)",
            ),
            ("t = None", "assignment t = constant None", "None", "t = None"),
            ("t = -1.5e-3", "assignment t = number -1.5e-3", "-1.5e-3", "t = -1.5e-3"),
            ("t = a.b", "assignment t = lookup a.b", "a.b", "t = a.b"),
            (r#"t = x["a"]"#, r#"assignment t = lookup x["a"]"#, r#"x["a"]"#, r#"t = x["a"]"#),
        ],
    );
}

#[test]
fn started_programs_are_commands() {
    check_commands(
        &READER,
        &[
            (
                r#"subprocess.run(["hf", "auth", "login", "--token", t], check=True)"#,
                &["hf|auth|login|--token|t*"],
            ),
            (r#"subprocess.check_output(args=["sudo", "/usr/bin/hf", "x"])"#, &["hf|x"]),
            (r#"subprocess.Popen("a b; c 'd e'", shell=True)"#, &["a|b", "c|d e"]),
            (
                r#"os.system(f"hf auth login --token {args.token or 1} $X")"#,
                &["hf|auth|login|--token|{args.token_or_1}*|$X*"],
            ),
            (r#"os.system("hf login " + token)"#, &["hf|login|token*"]),
            (r#"subprocess.run([sys.executable, "-m", "hf", "x"])"#, &["hf|x"]),
            (r#"subprocess.run(["bash", "-c", "hf x"])"#, &["bash|-c|hf x", "hf|x"]),
            (r#"exec("x y"); re.run("a b")"#, &[]),
        ],
    );
}

#[test]
fn prose_and_shell_lines_bind_nothing() {
    let text = "\"\"\"doc a='b'\"\"\"\n# c = 'd'\n!hf login \"\n%env E=f\ndef g():\n    'doc'\n    \"x\" \\\n  'y'\nh = 'i'\n";
    let facts = facts_of(&READER, text.as_bytes());
    let keys: Vec<&str> = facts.bindings.iter().map(|binding| binding.key.as_str()).collect();
    assert_eq!(keys, ["h"]);
    let comments: Vec<&[u8]> =
        facts.comments.iter().map(|span| span.slice(text.as_bytes())).collect();
    let expected: [&[u8]; 4] =
        [b"\"\"\"doc a='b'\"\"\"", b"# c = 'd'", b"'doc'", b"\"x\" \\\n  'y'"];
    assert_eq!(comments, expected);
}

#[test]
fn a_cell_of_another_language_binds_nothing() {
    assert!(facts_of(&READER, b"%%bash\na='b'\n").bindings.is_empty());
    assert_eq!(facts_of(&READER, b"%%time\na='b'\n").bindings.len(), 1);
}

#[test]
fn imports_are_named_as_written() {
    let text =
        b"import os, a.b as c\nfrom huggingface_hub import (\n  login,\n)\nfrom . import x\n";
    assert_eq!(facts_of(&READER, text).imports, ["os", "a.b", "huggingface_hub", "."]);
}

#[test]
fn broken_code_gives_what_stands_before_and_after() {
    for broken in ["f(token='x'", "y = 'open", "z = \"\"\"open", "a = [1, (2", "b = )]}", "f'{"] {
        let text = format!("before = 'x'\n{broken}\nafter = 'z'\n");
        let facts = facts_of(&READER, text.as_bytes());
        let keys: Vec<&str> = facts.bindings.iter().map(|binding| binding.key.as_str()).collect();
        assert!(keys.contains(&"before") && keys.contains(&"after"), "{text}: {keys:?}");
    }
    let facts = facts_of(&READER, b"f(token='x'\nafter = 'z'\n");
    assert_eq!(facts.bindings[0].key, "token");
    assert_eq!(facts.bindings[0].value.text, "x");
}
