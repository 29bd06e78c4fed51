//! The text report.

use super::{
    groups::{Group, groups},
    line::Line,
    paint::{self, Gutter, Tint},
    wrap::wrapped,
};
use crate::{
    model::{Excerpt, Exposure, Finding, Outcome, Secret, Severity, Summary, escaped},
    report::{
        history,
        reporter::{Report, Reporter, Verbosity, WantedFixes},
        upload,
        wording::{counted, extent, fixable, human_time, remainder, verdict},
    },
};
use anstyle::Style as Ansi;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

/// Maximum number of locations listed below the block of a group.
const MAX_PLACES: usize = 20;

/// The human-readable report.
#[derive(Debug)]
pub struct Text;

impl Reporter for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn about(&self) -> &'static str {
        "human-readable: the source line, the reason and the remedy"
    }

    fn is_for_people(&self) -> bool {
        true
    }

    fn wants_fixes(&self) -> WantedFixes {
        WantedFixes::Fixes
    }

    fn write(&self, report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut page =
            Page { report, out, seen_rules: BTreeSet::new(), places: places(report.outcome) };
        if report.style.statistics {
            page.statistics()?;
        } else {
            for group in groups(&report.outcome.findings, report.style.long) {
                page.block(&group)?;
            }
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

/// The indices of the findings of each secret.
fn places(outcome: &Outcome) -> BTreeMap<&Secret, Vec<usize>> {
    let mut places = BTreeMap::<_, Vec<_>>::new();
    for (number, finding) in outcome.findings.iter().enumerate() {
        if let Some(secret) = &finding.secret {
            places.entry(secret).or_default().push(number);
        }
    }
    places
}

/// The writer of a report.
struct Page<'r, 'o> {
    report: Report<'r>,
    out: &'o mut dyn Write,
    /// Rules whose reason was already shown.
    seen_rules: BTreeSet<&'r str>,
    places: BTreeMap<&'r Secret, Vec<usize>>,
}

impl<'r> Page<'r, '_> {
    /// The number of findings of each rule, most severe rules first.
    fn statistics(&mut self) -> io::Result<()> {
        let mut rules = BTreeMap::<&str, (Severity, u64)>::new();
        for finding in &self.report.outcome.findings {
            let (worst, count) = rules.entry(&finding.rule).or_insert((finding.severity, 0));
            *worst = (*worst).max(finding.severity);
            *count += 1;
        }
        let mut rows: Vec<_> = rules.into_iter().collect();
        rows.sort_by_key(|(id, (worst, count))| (std::cmp::Reverse((*worst, *count)), *id));
        let width = rows.iter().map(|(_, (_, count))| count.to_string().len()).max().unwrap_or(0);
        for (id, (worst, count)) in rows {
            let tint = self.tint(paint::of_severity(worst));
            let title = self.report.rules.get(id).map_or("", |rule| &rule.title);
            writeln!(self.out, "{count:width$}  {tint}{worst}[{id}]{tint:#}  {title}")?;
        }
        Ok(())
    }

    fn block(&mut self, group: &Group<'r>) -> io::Result<()> {
        let finding = group.first;
        let tint = self.tint(paint::of_severity(finding.severity));
        let location = &finding.location;
        self.headline(finding, tint)?;
        let number = location.start.line.to_string();
        let gutter = Gutter { width: number.len(), style: self.tint(paint::GUTTER) };
        write!(self.out, "{:1$}{2}-->{2:#} ", "", gutter.width, gutter.style)?;
        writeln!(self.out, "{}{}", self.place(finding), note_of(finding))?;
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
        self.secret(group, gutter)?;
        for (name, text) in history::fields(finding) {
            self.field(gutter, name, &text)?;
        }
        self.others(group, gutter)?;
        writeln!(self.out)
    }

    fn headline(&mut self, finding: &Finding, tint: Tint) -> io::Result<()> {
        let bold = self.tint(Ansi::new().bold());
        let name = format!("{}[{}]", finding.severity, finding.rule);
        let style = self.report.style;
        let room = if style.wraps_headlines { style.width } else { usize::MAX };
        let lines = wrapped(&format!("{name}: {}", finding.message), room);
        let first = lines.first().map_or("", String::as_str);
        let rest = first.strip_prefix(&name).unwrap_or(first);
        writeln!(self.out, "{tint}{name}{tint:#}{bold}{rest}{bold:#}")?;
        for line in lines.iter().skip(1) {
            writeln!(self.out, "  {bold}{line}{bold:#}")?;
        }
        Ok(())
    }

    /// `path:line:column`, relative to the working directory.
    fn place(&self, finding: &Finding) -> String {
        let location = &finding.location;
        let prefix = escaped(self.report.prefix.as_bytes());
        format!("{prefix}{}:{}:{}", location.name(), location.start.line, location.start.column)
    }

    /// The locations of the other findings of a group.
    fn others(&mut self, group: &Group<'r>, gutter: Gutter) -> io::Result<()> {
        let style = gutter.style;
        for finding in group.others.iter().take(MAX_PLACES) {
            let mut about = Vec::new();
            if finding.rule != group.first.rule {
                about.push(finding.rule.to_string());
            }
            if let Some(secret) = &finding.secret {
                let is_same = group.first.secret.as_ref() == Some(secret);
                about.push(if is_same { "the same secret".into() } else { secret.masked() });
            }
            let about = match about.is_empty() {
                true => String::new(),
                false => format!(" ({})", about.join(", ")),
            };
            let place = self.place(finding);
            writeln!(
                self.out,
                "{:1$}{style}:::{style:#} {place}{2}{about}",
                "",
                gutter.width,
                note_of(finding)
            )?;
        }
        let more = group.others.len().saturating_sub(MAX_PLACES);
        if more > 0 {
            let places = counted(more as u64, "more place");
            writeln!(
                self.out,
                "{:1$}{style}:::{style:#} and {places} (--long shows each)",
                "", gutter.width
            )?;
        }
        Ok(())
    }

    /// The other locations of the credential, and how to revoke it.
    fn secret(&mut self, group: &Group<'r>, gutter: Gutter) -> io::Result<()> {
        let finding = group.first;
        let Some(secret) = &finding.secret else { return Ok(()) };
        let all = self.places.get(secret).cloned().unwrap_or_default();
        let outcome = self.report.outcome;
        let worst = all.iter().map(|number| &outcome.findings[*number]).reduce(|first, other| {
            let rank = |one: &Finding| (one.severity, one.confidence);
            if rank(other) > rank(first) { other } else { first }
        });
        if let Some(first) = worst.filter(|first| !std::ptr::eq(*first, finding)) {
            let text = format!("the same secret as at {}", self.place(first));
            return self.field(gutter, "note", &text);
        }
        let listed = group.others.iter().filter(|one| one.secret.as_ref() == Some(secret)).count();
        if all.len() > listed + 1 {
            self.field(gutter, "note", &format!("the same secret is in {} places", all.len()))?;
        }
        let Some(address) = self.report.revoke_url(finding) else { return Ok(()) };
        let address = self.link(address);
        let text = match finding.history.as_ref().map(|history| history.exposure) {
            Some(Exposure::Staged) => format!(
                "{address} if it has left this machine; it is staged, but not committed yet"
            ),
            Some(_) => format!("{address} (a new commit leaves it in the earlier ones)"),
            None => format!("{address} (removing it is not enough)"),
        };
        self.line(gutter, "revoke", &text)
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
        let lines = wrapped(text, room);
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
        let tint = self.tint(paint::WARNING);
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
        let tint = self.tint(paint::WARNING);
        for skipped in &self.report.outcome.skipped {
            if !all && !self.report.outcome.is_failure(skipped.reason) {
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

    /// The summary.
    fn closing(&mut self) -> io::Result<()> {
        let outcome = self.report.outcome;
        let summary = Summary::of(outcome);
        let worst = summary.findings.keys().next_back().copied();
        let tint = self.tint(worst.map_or(paint::CLEAN, paint::of_severity));
        write!(self.out, "{tint}{}{tint:#}", verdict(self.report))?;
        if summary.secrets > 0 {
            write!(self.out, ", {}", counted(summary.secrets as u64, "distinct secret"))?;
        }
        writeln!(self.out, " in {}, {}", extent(self.report), human_time(outcome.elapsed))?;
        if let Some(text) = fixable(&outcome.findings) {
            writeln!(self.out, "{text}")?;
        }
        if let Some(left) = remainder(self.report) {
            let verbosity = self.report.style.verbosity;
            // `-v` lists only what was not scanned.
            let has_others = !outcome.suppressed_counts.is_empty() || !outcome.dismissed.is_empty();
            let more = match verbosity {
                Verbosity::Dismissed => "",
                Verbosity::Verbose if !has_others => "",
                _ => " (-vv lists them)",
            };
            writeln!(self.out, "{left}{more}")?;
        }
        if let Some(upload) = &outcome.upload {
            let is_verbose = self.report.style.verbosity >= Verbosity::Verbose;
            for line in upload::lines(upload, is_verbose) {
                writeln!(self.out, "{line}")?;
            }
        }
        if outcome.interrupted {
            writeln!(self.out, "interrupted: not everything was scanned")?;
        }
        Ok(())
    }

    fn tint(&self, style: Ansi) -> Tint {
        Tint(if self.report.style.color { style } else { Ansi::new() })
    }

    /// A URL, as a hyperlink (OSC 8) if colours are used.
    fn link(&self, address: &str) -> String {
        if self.report.style.color {
            format!("\x1b]8;;{address}\x1b\\{address}\x1b]8;;\x1b\\")
        } else {
            address.to_string()
        }
    }
}

fn note_of(finding: &Finding) -> String {
    finding
        .location
        .note
        .as_ref()
        .map(|note| format!(" ({})", escaped(note.as_bytes())))
        .unwrap_or_default()
}
