//! Questions to a person.

use std::io::{BufRead, IsTerminal, Write};

/// The answer that a person types to `question`, without blanks around it; `None` if standard
/// input or standard error is no terminal, so that nobody is there to ask.
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
