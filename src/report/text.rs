//! The report for people, in the manner of compilers.

use super::{
    history,
    reporter::{Report, Reporter, Verbosity},
    wording::{counted, extent, human_time, remainder, verdict},
};
use crate::model::{Excerpt, Finding, Outcome, Secret, Severity, Summary, escaped};
use anstyle::{AnsiColor, Style as Ansi};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};
use unicode_width::UnicodeWidthStr;

/// The report for people.
#[derive(Debug)]
pub struct Text;

impl Reporter for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn about(&self) -> &'static str {
        "for people: the source line, why it matters, what to write instead"
    }

    fn is_for_people(&self) -> bool {
        true
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut page =
            Page { report, out, seen_rules: BTreeSet::new(), places: places(report.outcome) };
        for finding in &report.outcome.findings {
            page.finding(finding)?;
        }
        page.warnings()?;
        page.skipped()?;
        page.suppressed()?;
        page.dismissed()?;
        if report.style.verbosity > Verbosity::Quiet {
            page.closing()?;
        }
        Ok(())
    }
}

/// Where each secret stands, by the number of its findings.
fn places(outcome: &Outcome) -> BTreeMap<&Secret, Vec<usize>> {
    let mut places = BTreeMap::<_, Vec<_>>::new();
    for (number, finding) in outcome.findings.iter().enumerate() {
        if let Some(secret) = &finding.secret {
            places.entry(secret).or_default().push(number);
        }
    }
    places
}

/// A report in the making.
struct Page<'r, 'o> {
    report: Report<'r>,
    out: &'o mut dyn Write,
    /// Rules whose reason was given: once is enough.
    seen_rules: BTreeSet<&'r str>,
    places: BTreeMap<&'r Secret, Vec<usize>>,
}

impl<'r> Page<'r, '_> {
    fn finding(&mut self, finding: &'r Finding) -> io::Result<()> {
        let tint = self.tint(Severity::style(finding.severity));
        let bold = self.tint(Ansi::new().bold());
        let location = &finding.location;
        writeln!(
            self.out,
            "{tint}{}[{}]{tint:#}{bold}: {}{bold:#}",
            finding.severity, finding.rule, finding.message
        )?;
        let number = location.start.line.to_string();
        let gutter = Gutter { width: number.len(), style: self.tint(GUTTER) };
        let name = escaped(self.report.prefix.as_bytes()) + &location.name();
        write!(self.out, "{:1$}{2}-->{2:#} {name}:{number}:", "", gutter.width, gutter.style)?;
        writeln!(self.out, "{}{}", location.start.column, note_of(finding))?;
        if !finding.excerpt.text.is_empty() {
            self.excerpt(&finding.excerpt, gutter, &number, tint)?;
        }
        gutter.bar(self.out)?;
        if self.seen_rules.insert(&finding.rule)
            && let Some(rule) = self.report.rules.get(&finding.rule)
        {
            self.field(gutter, "why", &rule.why)?;
        }
        self.field(gutter, "help", &finding.help)?;
        for note in &finding.notes {
            self.field(gutter, "note", note)?;
        }
        self.secret(finding, gutter)?;
        for (name, text) in history::fields(finding) {
            self.field(gutter, name, &text)?;
        }
        writeln!(self.out)
    }

    /// What is to be said of the credential itself: elsewhere too, and how to revoke it.
    fn secret(&mut self, finding: &'r Finding, gutter: Gutter) -> io::Result<()> {
        let Some(secret) = &finding.secret else { return Ok(()) };
        let all = self.places.get(secret).cloned().unwrap_or_default();
        let first = all.first().map(|number| &self.report.outcome.findings[*number]);
        let is_first = first.is_some_and(|first| std::ptr::eq(first, finding));
        if let (Some(first), false) = (first, is_first) {
            let place = &first.location;
            let text = format!(
                "the same secret as at {}:{}:{}",
                place.name(),
                place.start.line,
                place.start.column
            );
            return self.field(gutter, "note", &text);
        }
        if all.len() > 1 {
            self.field(gutter, "note", &format!("the same secret stands in {} places", all.len()))?;
        }
        if let Some(address) = self.report.revoke_url(finding) {
            let text = format!("{} (removing it is not enough)", self.link(address));
            self.line(gutter, "revoke", &text)?;
        }
        Ok(())
    }

    fn excerpt(
        &mut self,
        excerpt: &Excerpt,
        gutter: Gutter,
        number: &str,
        tint: Tint,
    ) -> io::Result<()> {
        let room = self.report.style.width.saturating_sub(gutter.width + 3).max(40);
        let line = Line::fit(excerpt, room);
        gutter.bar(self.out)?;
        let style = gutter.style;
        writeln!(self.out, "{style}{number} |{style:#} {}", line.text)?;
        write!(self.out, "{:1$} {style}|{style:#} ", "", gutter.width)?;
        writeln!(
            self.out,
            "{:1$}{tint}{2}{tint:#}",
            "",
            line.indent,
            "^".repeat(line.length.max(1))
        )
    }

    /// `= name: text`, wrapped to the width.
    fn field(&mut self, gutter: Gutter, name: &str, text: &str) -> io::Result<()> {
        let indent = gutter.width + 3 + name.len() + 2;
        let room = self.report.style.width.saturating_sub(indent).max(30);
        let options = textwrap::Options::new(room).break_words(false);
        let lines = textwrap::wrap(text, options);
        let Some((first, rest)) = lines.split_first() else { return Ok(()) };
        self.line(gutter, name, first)?;
        for line in rest {
            writeln!(self.out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    fn line(&mut self, gutter: Gutter, name: &str, text: &str) -> io::Result<()> {
        let bold = self.tint(Ansi::new().bold());
        let style = gutter.style;
        writeln!(self.out, "{:1$} {style}={style:#} {bold}{name}{bold:#}: {text}", "", gutter.width)
    }

    fn warnings(&mut self) -> io::Result<()> {
        let tint = self.tint(AnsiColor::Yellow.on_default().bold());
        for warning in &self.report.outcome.warnings {
            let prefix = escaped(self.report.prefix.as_bytes());
            write!(self.out, "{tint}warning{tint:#}: {prefix}{}", warning.path)?;
            if let Some(place) = warning.place {
                write!(self.out, ":{}:{}", place.line, place.column)?;
            }
            writeln!(self.out, ": {}", escaped(warning.message.as_bytes()))?;
        }
        Ok(())
    }

    fn skipped(&mut self) -> io::Result<()> {
        let all = self.report.style.verbosity >= Verbosity::Verbose;
        let tint = self.tint(AnsiColor::Yellow.on_default().bold());
        for skipped in &self.report.outcome.skipped {
            if !all && !skipped.reason.is_failure() {
                continue;
            }
            let inside: String = skipped
                .inside
                .iter()
                .map(|part| format!("!{}", escaped(part.as_bytes())))
                .collect();
            write!(
                self.out,
                "{tint}warning{tint:#}: not scanned: {}{}{inside}",
                escaped(self.report.prefix.as_bytes()),
                skipped.path
            )?;
            write!(self.out, ": {}", skipped.reason.as_str())?;
            if !skipped.detail.is_empty() {
                write!(self.out, ": {}", escaped(skipped.detail.as_bytes()))?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn suppressed(&mut self) -> io::Result<()> {
        for finding in self.report.suppressed() {
            let Some(by) = &finding.suppressed else { continue };
            let place = &finding.location;
            let name = escaped(self.report.prefix.as_bytes()) + &place.name();
            let (line, column) = (place.start.line, place.start.column);
            writeln!(
                self.out,
                "suppressed[{}]: {name}:{line}:{column}: {}: {}",
                finding.rule,
                by.kind(),
                by.reason()
            )?;
        }
        Ok(())
    }

    fn dismissed(&mut self) -> io::Result<()> {
        if self.report.style.verbosity < Verbosity::Dismissed {
            return Ok(());
        }
        for dismissed in &self.report.outcome.dismissed {
            let place = &dismissed.location;
            let name = escaped(self.report.prefix.as_bytes()) + &place.name();
            let (line, column) = (place.start.line, place.start.column);
            writeln!(
                self.out,
                "dismissed[{}]: {name}:{line}:{column}: {}",
                dismissed.rule,
                dismissed.reason.as_str()
            )?;
        }
        Ok(())
    }

    /// What it all comes to.
    fn closing(&mut self) -> io::Result<()> {
        let outcome = self.report.outcome;
        let summary = Summary::of(outcome);
        let worst = summary.findings.keys().next_back().copied();
        let tint = self.tint(worst.map_or(AnsiColor::Green.on_default().bold(), Severity::style));
        write!(self.out, "{tint}{}{tint:#}", verdict(self.report))?;
        if summary.secrets > 0 {
            write!(self.out, ", {}", counted(summary.secrets as u64, "distinct secret"))?;
        }
        writeln!(self.out, " in {}, {}", extent(self.report), human_time(outcome.elapsed))?;
        if let Some(left) = remainder(self.report) {
            let more = if self.report.style.verbosity >= Verbosity::Dismissed {
                ""
            } else {
                " (-v and -vv list them)"
            };
            writeln!(self.out, "{left}{more}")?;
        }
        if outcome.interrupted {
            writeln!(self.out, "interrupted: not everything was scanned")?;
        }
        Ok(())
    }

    fn tint(&self, style: Ansi) -> Tint {
        Tint(if self.report.style.color { style } else { Ansi::new() })
    }

    /// An address, as a hyperlink (OSC 8) where the terminal is asked for colour.
    fn link(&self, address: &str) -> String {
        if self.report.style.color {
            format!("\x1b]8;;{address}\x1b\\{address}\x1b]8;;\x1b\\")
        } else {
            address.to_string()
        }
    }
}

/// The colour of what frames a source line.
const GUTTER: Ansi = AnsiColor::BrightBlue.on_default().bold();

/// A style, or none when there is to be no colour: `{}` begins it, `{:#}` ends it.
#[derive(Debug, Clone, Copy)]
struct Tint(Ansi);

impl std::fmt::Display for Tint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if f.alternate() { write!(f, "{:#}", self.0) } else { write!(f, "{}", self.0) }
    }
}

/// The column of line numbers.
#[derive(Debug, Clone, Copy)]
struct Gutter {
    width: usize,
    style: Tint,
}

impl Gutter {
    fn bar(self, out: &mut dyn Write) -> io::Result<()> {
        let style = self.style;
        writeln!(out, "{:1$} {style}|{style:#}", "", self.width)
    }
}

/// A source line, cut to the width.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    text: String,
    /// Columns before what is pointed at.
    indent: usize,
    /// Columns to point at.
    length: usize,
}

impl Line {
    /// The part of an excerpt that fits in `room` columns and shows what is pointed at,
    /// with `…` where it was cut.
    fn fit(excerpt: &Excerpt, room: usize) -> Self {
        let Excerpt { text, highlight, .. } = excerpt;
        let (before, rest) = text.split_at(highlight.start);
        let (own, after) = rest.split_at(highlight.len());
        let own = head(own, room.saturating_sub(2)).0;
        let spare = room.saturating_sub(own.width() + 2);
        // What is pointed at stands at two thirds, unless the line is short on the right.
        let right_room = spare - before.width().min(spare - after.width().min(spare / 3));
        let (after, cut_right) = head(after, right_room);
        let (before, cut_left) = tail(before, spare - after.width());
        let left = if cut_left || excerpt.cut_left { "…" } else { "" };
        let right = if cut_right || excerpt.cut_right { "…" } else { "" };
        Self {
            text: format!("{left}{before}{own}{after}{right}"),
            indent: left.width() + before.width(),
            length: own.width(),
        }
    }
}

/// The first characters that fit in `room` columns, and whether some do not.
fn head(text: &str, room: usize) -> (&str, bool) {
    if text.width() <= room {
        return (text, false);
    }
    let mut end = 0;
    for (at, character) in text.char_indices() {
        let next = at + character.len_utf8();
        if text[..next].width() > room {
            break;
        }
        end = next;
    }
    (&text[..end], true)
}

/// The last characters that fit in `room` columns, and whether some do not.
fn tail(text: &str, room: usize) -> (&str, bool) {
    if text.width() <= room {
        return (text, false);
    }
    let start = text
        .char_indices()
        .rev()
        .map(|(at, _)| at)
        .take_while(|at| text[*at..].width() <= room)
        .last();
    (&text[start.unwrap_or(text.len())..], true)
}

fn note_of(finding: &Finding) -> String {
    finding
        .location
        .note
        .as_ref()
        .map(|note| format!(" ({})", escaped(note.as_bytes())))
        .unwrap_or_default()
}

impl Severity {
    fn style(self) -> Ansi {
        match self {
            Severity::Critical | Severity::High => AnsiColor::Red.on_default().bold(),
            Severity::Medium => AnsiColor::Yellow.on_default().bold(),
            Severity::Low => AnsiColor::Cyan.on_default().bold(),
            Severity::Info => AnsiColor::Green.on_default().bold(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    fn excerpt(before: usize, after: usize) -> Excerpt {
        let text = format!("{}hf_ab…yz{}", "b".repeat(before), "a".repeat(after));
        Excerpt {
            highlight: Span::new(before, before + 10),
            text,
            cut_left: false,
            cut_right: false,
        }
    }

    #[test]
    fn a_line_that_fits_is_shown_whole() {
        let line = Line::fit(&excerpt(10, 10), 80);
        assert_eq!((line.text.width(), line.indent, line.length), (28, 10, 8));
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_pointed_at() {
        for (before, after) in [(500, 500), (500, 0), (0, 500), (500, 3), (70, 70)] {
            for room in [40, 77, 200] {
                let line = Line::fit(&excerpt(before, after), room);
                assert!(line.text.width() <= room, "{line:?}");
                let shown: String = line.text.chars().skip(line.indent).take(line.length).collect();
                assert_eq!(shown, "hf_ab…yz", "{before} {after} {room}");
            }
        }
    }
}
