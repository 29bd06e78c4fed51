//! Interactive questions.

use std::io::{BufRead, IsTerminal, Write};

/// The answer typed in the terminal to `question`, trimmed; `None` if standard input or standard
/// error is not a terminal.
pub fn typed_answer(question: &str) -> Option<String> {
    let (stdin, stderr) = (std::io::stdin(), std::io::stderr());
    if !stdin.is_terminal() || !stderr.is_terminal() {
        return None;
    }
    let mut stderr = stderr.lock();
    write!(stderr, "{question} ").and_then(|()| stderr.flush()).ok()?;
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer).ok()?;
    Some(answer.trim().to_string())
}
