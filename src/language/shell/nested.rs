//! Commands that run a script or a command in their arguments: `bash -c`, `eval`, `ssh`,
//! `docker run`.

use super::{
    parser::Parser,
    program::{SHELLS, joined},
    simple::Simple,
    word::ShellWord,
};
use crate::{language::embedded, model::Span};

/// The options of `ssh` that take a value. Source: `ssh(1)` of OpenSSH.
const SSH_VALUED: &[u8] = b"BbcDEeFIiJLlmOopPQRSWw";

/// The letters of `docker run` and `docker exec` that take no value.
const DOCKER_SWITCHES: &[u8] = b"ditPqT";

/// The long options of `docker run`, `exec` and `compose run` that take no value.
const DOCKER_LONG_SWITCHES: [&str; 20] = [
    "--detach",
    "--interactive",
    "--tty",
    "--rm",
    "--privileged",
    "--init",
    "--read-only",
    "--publish-all",
    "--no-healthcheck",
    "--oom-kill-disable",
    "--sig-proxy",
    "--quiet",
    "--disable-content-trust",
    "--no-deps",
    "--service-ports",
    "--use-aliases",
    "--build",
    "--no-tty",
    "--no-TTY",
    "--remove-orphans",
];

impl Parser<'_> {
    /// Adds the commands that the command `words` runs.
    pub fn nested(&mut self, name: &str, words: &[ShellWord], simple: &Simple, is_piped: bool) {
        let first = self.facts.commands.len();
        match name {
            "eval" => self.read_script(&joined(&words[1..])),
            "alias" => {
                for word in words.iter().skip(1) {
                    let Some(alias) = word.pair() else { continue };
                    let value = Span::new(alias.value, word.text().len());
                    self.read_script(&word.extract.part(value));
                }
            }
            "find" | "fd" => {
                let inner = found_command(words);
                self.again(|parser| parser.command(inner, simple, is_piped));
            }
            "trap" if words.len() > 2 && !words[1].text().starts_with(b"-") => {
                self.read_script(&words[1].extract);
            }
            "su" | "runuser" | "script" | "nix-shell" => {
                let is_option = |word: &&ShellWord| word.is("-c") || word.is("--run");
                self.script_after(words, words.iter().position(|word| is_option(&word)));
            }
            "ssh" => {
                let remote = remote_command(words).unwrap_or_default();
                self.read_script(&joined(remote));
            }
            "docker" | "podman" | "nerdctl" | "docker-compose" => {
                let inner = contained_command(words);
                self.again(|parser| parser.command(inner, simple, is_piped));
            }
            "kubectl" | "oc" => {
                let dashes = words.iter().position(|word| word.is("--"));
                let inner = dashes.and_then(|at| words.get(at + 1..)).unwrap_or_default();
                self.again(|parser| parser.command(inner, simple, is_piped));
            }
            _ if SHELLS.contains(&name) => self.script_after(words, script_option(words)),
            _ => self.code_of_option(name, words),
        }
        if is_piped {
            self.capture_from(first);
        }
    }

    /// Reads the code of `python -c '…'` and the like.
    fn code_of_option(&mut self, name: &str, words: &[ShellWord]) {
        let Some(file) = embedded::of_program(name) else { return };
        let is_option = |word: &ShellWord| match file.as_str() {
            "a.py" => word.is("-c"),
            "a.php" => word.is("-r"),
            "a.sql" => word.is("-c") || word.is("--command"),
            "a.js" => ["-e", "-p", "--eval", "--print"].iter().any(|option| word.is(option)),
            _ => word.is("-e"),
        };
        let Some(option) = words.iter().position(is_option) else { return };
        if let Some(word) = words.get(option + 1) {
            self.again(|parser| parser.add_code(&word.extract, &file, word.expands()));
        }
    }

    /// Reads the word after the option at `option` as a script.
    fn script_after(&mut self, words: &[ShellWord], option: Option<usize>) {
        let script = option.and_then(|at| words.get(at + 1..)).unwrap_or_default();
        // `bash -c -x 'script'` has options after `-c` too.
        if let Some(word) = script.iter().find(|word| !word.text().starts_with(b"-")) {
            self.read_script(&word.extract);
        }
    }
}

/// The index of a shell's option `-c`, alone or as in `-lc` and `-euxc`.
fn script_option(words: &[ShellWord]) -> Option<usize> {
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let letters = word.text().strip_prefix(b"-")?;
        let is_short = !letters.starts_with(b"-");
        if is_short && letters.contains(&b'c') {
            return Some(at);
        }
        let takes_next = (is_short && letters.ends_with(b"o")) || word.is("--rcfile");
        at += if takes_next { 2 } else { 1 };
    }
    None
}

/// The words after the host of `ssh`, if there is a host.
pub(super) fn remote_command(words: &[ShellWord]) -> Option<&[ShellWord]> {
    let mut at = 1;
    loop {
        let word = words.get(at)?;
        at += 1;
        match word.text() {
            [b'-', letters @ .., last] => {
                let is_value = letters.iter().any(|letter| SSH_VALUED.contains(letter));
                at += usize::from(!is_value && SSH_VALUED.contains(last));
            }
            _ => return words.get(at..),
        }
    }
}

/// The command that `find -exec … ;` and `fd -x …` run.
fn found_command(words: &[ShellWord]) -> &[ShellWord] {
    const OPTIONS: [&str; 7] = ["-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec"];
    let is_option = |word: &ShellWord| OPTIONS.iter().any(|option| word.is(option));
    let Some(start) = words.iter().position(is_option) else { return &[] };
    let rest = &words[start + 1..];
    let ends = |word: &ShellWord| matches!(word.text(), b";" | b"+");
    &rest[..rest.iter().position(ends).unwrap_or(rest.len())]
}

/// The command that `docker run` and the like run in a container.
fn contained_command(words: &[ShellWord]) -> &[ShellWord] {
    let mut at = 1;
    if words.get(at).is_some_and(|word| word.is("compose") || word.is("container")) {
        at += 1;
        at = skip_options(words, at);
    }
    let runs = |word: &ShellWord| word.is("run") || word.is("exec") || word.is("create");
    if !words.get(at).is_some_and(runs) {
        return &[];
    }
    let image = skip_options(words, at + 1);
    words.get(image + 1..).unwrap_or_default()
}

/// The index of the first word from `start` on that is neither an option nor its value.
fn skip_options(words: &[ShellWord], start: usize) -> usize {
    let mut at = start;
    while let Some(word) = words.get(at)
        && let Some(letters) = word.text().strip_prefix(b"-")
    {
        let takes_next = if letters.starts_with(b"-") {
            !letters.contains(&b'=') && !DOCKER_LONG_SWITCHES.iter().any(|known| word.is(known))
        } else {
            // In `-itv x`, only the last letter of a group may take the next word; `-p80:80`
            // already contains its value.
            letters.split_last().is_some_and(|(last, others)| {
                !DOCKER_SWITCHES.contains(last)
                    && others.iter().all(|letter| DOCKER_SWITCHES.contains(letter))
            })
        };
        at += if takes_next { 2 } else { 1 };
    }
    at
}
