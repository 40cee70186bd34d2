//! Adding up what test runners say at their end.

use std::fmt;

/// How many tests passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Tally {
    /// Adds a line of `cargo test`: `test result: ok. 5 passed; 0 failed; 1 ignored; …`. Other lines say nothing.
    pub(crate) fn add_cargo_line(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split(';') {
            if let Some((number, word)) = part.trim().split_once(' ') {
                self.add(word, number);
            }
        }
    }

    /// Adds a line of `node --test` with the TAP reporter: `# pass 5`. Other lines say nothing.
    pub(crate) fn add_tap_line(&mut self, line: &str) {
        if let Some((word, number)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(' ')) {
            self.add(word, number);
        }
    }

    fn add(&mut self, word: &str, number: &str) {
        let Ok(number) = number.parse::<u64>() else { return };
        match word {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "cancelled" => self.failed += number,
            "ignored" | "skipped" | "todo" => self.ignored += number,
            _ => {}
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn cargo_summaries_are_summed() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 12.34s",
            "test core::result: ok. 9 passed ... ok",
            "  test result: ok. 9 passed; 0 failed; 0 ignored",
            "test result: ",
        ] {
            tally.add_cargo_line(line);
        }
        assert_eq!(tally, Tally { passed: 5, failed: 1, ignored: 1 });
        assert_eq!(tally.to_string(), "5 passed, 1 failed");
    }

    #[test]
    fn tap_summaries_are_summed() {
        let mut tally = Tally::default();
        for line in [
            "TAP version 13",
            "# Subtest: pass 3",
            "    # pass 7",
            "ok 1 - pass",
            "# tests 8",
            "# suites 2",
            "# pass 5",
            "# fail 1",
            "# cancelled 1",
            "# skipped 1",
            "# todo 0",
            "# duration_ms 3410.031534",
        ] {
            tally.add_tap_line(line);
        }
        assert_eq!(tally, Tally { passed: 5, failed: 2, ignored: 1 });
    }
}
