//! Finds the program that a command runs, after `sudo`, `env`, `uv run` and the like.

use super::word::{ShellWord, lossy};
use crate::{language::extract::Extract, model::Span};

/// Programs that run their input as a script.
pub(super) const SHELLS: [&str; 9] =
    ["sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "rbash", "mksh"];

/// A command that only starts another command.
struct Wrapper {
    name: &'static str,
    /// The word that must follow its name: `run` of `uv run`.
    subcommand: &'static str,
    /// Its options that take a value in the next word.
    valued: &'static [&'static str],
    /// Number of words before the program: 1 for the duration of `timeout`.
    operands: usize,
    /// Options with which it starts no program: `command -v`.
    inert: &'static [&'static str],
    /// `true` if the program must follow `--`.
    needs_dashes: bool,
}

const fn wrapper(name: &'static str, valued: &'static [&'static str]) -> Wrapper {
    Wrapper { name, subcommand: "", valued, operands: 0, inert: &[], needs_dashes: false }
}

const fn runner(
    name: &'static str,
    subcommand: &'static str,
    valued: &'static [&'static str],
) -> Wrapper {
    Wrapper { name, subcommand, valued, operands: 0, inert: &[], needs_dashes: false }
}

const fn dashed(name: &'static str, subcommand: &'static str) -> Wrapper {
    Wrapper { name, subcommand, valued: &[], operands: 0, inert: &[], needs_dashes: true }
}

const UV: &[&str] = &[
    "--with",
    "-p",
    "--python",
    "--project",
    "--directory",
    "--extra",
    "--group",
    "--env-file",
    "--from",
    "--index",
    "--index-url",
    "--extra-index-url",
    "--with-requirements",
    "--with-editable",
    "--package",
    "--only-group",
    "--cache-dir",
    "--config-file",
];
const CONDA: &[&str] = &["-n", "--name", "-p", "--prefix", "--cwd"];
const NPX: &[&str] = &["-p", "--package"];

const WRAPPERS: &[Wrapper] = &[
    wrapper(
        "sudo",
        &["-u", "-g", "-h", "-p", "-C", "-D", "-r", "-t", "-T", "-U", "--user", "--group"],
    ),
    wrapper("doas", &["-u", "-C"]),
    wrapper("env", &["-u", "--unset", "-C", "--chdir"]),
    wrapper("time", &["-o", "-f"]),
    wrapper("nohup", &[]),
    wrapper("exec", &["-a"]),
    wrapper("builtin", &[]),
    Wrapper { inert: &["-v", "-V"], ..wrapper("command", &[]) },
    wrapper("nice", &["-n", "--adjustment"]),
    wrapper("ionice", &["-c", "-n", "-p"]),
    Wrapper { operands: 1, ..wrapper("taskset", &[]) },
    wrapper("numactl", &["-m", "-N", "-C"]),
    wrapper("stdbuf", &["-i", "-o", "-e"]),
    wrapper("setsid", &[]),
    wrapper("unbuffer", &[]),
    Wrapper { operands: 1, ..wrapper("timeout", &["-k", "-s", "--kill-after", "--signal"]) },
    wrapper(
        "xargs",
        &[
            "-I",
            "-i",
            "-n",
            "-P",
            "-L",
            "-d",
            "-a",
            "-E",
            "-s",
            "--max-args",
            "--max-procs",
            "--arg-file",
        ],
    ),
    wrapper("watch", &["-n", "--interval"]),
    wrapper("caffeinate", &["-t", "-w"]),
    wrapper("strace", &["-o", "-e", "-p", "-s"]),
    wrapper("chronic", &[]),
    wrapper("noglob", &[]),
    wrapper("tini", &[]),
    wrapper("dumb-init", &[]),
    Wrapper { operands: 1, ..wrapper("gosu", &[]) },
    Wrapper { operands: 1, ..wrapper("su-exec", &[]) },
    Wrapper { operands: 1, ..wrapper("chroot", &[]) },
    wrapper("srun", &["-n", "-N", "-c", "-p", "-A", "-J", "-t", "-w", "-o", "-e", "-G", "--mem"]),
    wrapper("mpirun", &["-n", "-np", "-H", "-x", "--host", "--hostfile"]),
    wrapper("mpiexec", &["-n", "-np", "-H", "-x", "--host", "--hostfile"]),
    runner("uv", "run", UV),
    runner("uvx", "", UV),
    runner("poetry", "run", &[]),
    runner("pipenv", "run", &[]),
    runner("pdm", "run", &["-p", "--project"]),
    runner("hatch", "run", &[]),
    runner("rye", "run", &[]),
    runner("pixi", "run", &["-e", "--environment", "--manifest-path"]),
    runner("pipx", "run", &["--spec", "--python", "--index-url", "--pip-args"]),
    runner("conda", "run", CONDA),
    runner("mamba", "run", CONDA),
    runner("micromamba", "run", CONDA),
    runner("bundle", "exec", &[]),
    runner("npx", "", NPX),
    runner("bunx", "", NPX),
    runner("pnpx", "", NPX),
    runner("npm", "exec", NPX),
    runner("pnpm", "exec", &[]),
    runner("pnpm", "dlx", NPX),
    runner("yarn", "dlx", NPX),
    dashed("op", "run"),
    dashed("doppler", "run"),
    dashed("infisical", "run"),
    dashed("dotenvx", "run"),
    dashed("dotenv", "run"),
    dashed("aws-vault", "exec"),
    dashed("chamber", "exec"),
];

/// Maximum number of words in which the `--` of a wrapper is searched for.
const MAX_OPTIONS: usize = 64;

/// The index of the program's first word, and the indices of the assignments before it.
///
/// A wrapper that starts no program is the program itself: `env` alone prints variables.
pub(super) fn program_starts_at(words: &[ShellWord]) -> (usize, Vec<usize>) {
    let mut first = 0;
    let mut assignments = Vec::new();
    while let Some(next) = wrapped(words, first) {
        let mut next = next;
        while words.get(next).is_some_and(|word| word.assignment(true).is_some()) {
            assignments.push(next);
            next += 1;
        }
        if next >= words.len() {
            break;
        }
        first = next;
    }
    (first, assignments)
}

/// The index of the first word of the command that the wrapper at `first` starts; `None` if it is
/// not a wrapper.
fn wrapped(words: &[ShellWord], first: usize) -> Option<usize> {
    let name = program_name(words.get(first)?);
    if let Some(next) = after_schedule(words, first) {
        return Some(next);
    }
    if is_python(&name) {
        return module(words, first);
    }
    if name == "uv" && words.get(first + 1)?.is("tool") && words.get(first + 2)?.is("run") {
        return after_options(words, first + 3, &runner("uvx", "", UV));
    }
    WRAPPERS.iter().filter(|wrapper| wrapper.name == name).find_map(|wrapper| {
        let mut at = first + 1;
        if !wrapper.subcommand.is_empty() {
            words.get(at).filter(|word| word.is(wrapper.subcommand))?;
            at += 1;
        }
        if wrapper.needs_dashes {
            let options = words.get(at..)?.iter().take(MAX_OPTIONS);
            return Some(at + options.map(|word| word.is("--")).position(|is| is)? + 1);
        }
        after_options(words, at, wrapper)
    })
}

/// The index of the command in an entry of a crontab, after its time, or of a Procfile, after its
/// name.
fn after_schedule(words: &[ShellWord], first: usize) -> Option<usize> {
    const FIELDS: usize = 5;
    const TIMES: [&str; 8] = [
        "@reboot",
        "@hourly",
        "@daily",
        "@midnight",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
    ];
    let is_field = |word: &ShellWord| {
        let text = word.text();
        !text.is_empty() && text.iter().all(|byte| byte.is_ascii_digit() || b"*/,-".contains(byte))
    };
    let word = words.get(first)?;
    let name = word.text().strip_suffix(b":").unwrap_or_default();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric);
    let length = if is_name || TIMES.iter().any(|time| word.is(time)) {
        1
    } else {
        words.get(first..first + FIELDS)?.iter().all(is_field).then_some(FIELDS)?
    };
    (first + length < words.len()).then_some(first + length)
}

fn after_options(words: &[ShellWord], start: usize, wrapper: &Wrapper) -> Option<usize> {
    let mut at = start;
    while let Some(word) = words.get(at)
        && word.text().starts_with(b"-")
    {
        at += 1;
        if word.is("--") {
            break;
        }
        if wrapper.inert.iter().any(|option| word.is(option)) {
            return None;
        }
        at += usize::from(wrapper.valued.iter().any(|option| word.is(option)));
    }
    let at = at + wrapper.operands;
    (at < words.len()).then_some(at)
}

/// The index of `X` in `python -m X`.
fn module(words: &[ShellWord], first: usize) -> Option<usize> {
    let mut at = first + 1;
    loop {
        let word = words.get(at)?;
        at += 1;
        match word.text() {
            b"-m" => return (at < words.len()).then_some(at),
            b"-W" | b"-X" => at += 1,
            b"-c" => return None,
            text if text.starts_with(b"-") && text.len() > 1 => {}
            _ => return None,
        }
    }
}

fn is_python(name: &str) -> bool {
    let rest = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy"));
    name == "py"
        || rest.is_some_and(|version| version.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// The program's name, without its folder and the `.exe` of Windows.
pub(super) fn program_name(word: &ShellWord) -> String {
    let text = lossy(word.text());
    if word.expands() {
        return text;
    }
    let name = file_name(&text);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    if name.is_empty() { text } else { name.to_owned() }
}

/// The part of a path after its last `/` or `\`.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Words as a command line, separated by single spaces.
pub(super) fn joined(words: &[ShellWord]) -> Extract {
    let mut line = Extract::default();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            line.replace(b" ", Span::new(word.span.start, word.span.start));
        }
        line.append(&word.extract);
    }
    line
}
