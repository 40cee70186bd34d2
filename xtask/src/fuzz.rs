//! `cargo xtask fuzz`: builds the fuzz targets with libFuzzer and the stable toolchain, runs them one after the other, and
//! says what came of it. docs/fuzzing.md has the rest.

use crate::process::{Failure, Result, Run, during};
use crate::tally::Tally;
use crate::tools;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fmt, fs};

/// The crate with the targets: a workspace of its own.
pub(crate) const MANIFEST: &str = "tests/fuzz/Cargo.toml";
/// What `cargo xtask test` gives each target.
const SHORT_RUNS: u64 = 20_000;
/// Short runs begin here, so that they do the same every time.
const SHORT_SEED: u32 = 7;
/// Seconds for each target, unless the command line says otherwise.
const LONG_SECONDS: u64 = 600;
/// Seconds for one input: whoever takes longer hangs.
const INPUT_SECONDS: u32 = 10;
/// Mebibytes that a target may use.
const MEMORY: u32 = 1024;

/// Coverage that guides libFuzzer, and the checks of a debug build. All flags are stable ones of rustc; `cfg(fuzzing)` is
/// what cargo-fuzz sets, too.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "-Cdebug-assertions",
    "-Coverflow-checks",
];

/// When a target has done enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    Runs(u64),
    Seconds(u64),
}

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// All, if none is named.
    pub(crate) target: Option<String>,
    pub(crate) until: Until,
    pub(crate) seed: Option<u32>,
}

impl Plan {
    /// Reads what follows `fuzz` on the command line.
    pub(crate) fn parse(arguments: &[&str]) -> std::result::Result<Self, String> {
        let mut plan = Self { target: None, until: Until::Seconds(LONG_SECONDS), seed: None };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match *word {
                "--runs" => plan.until = Until::Runs(number(word, words.next())?),
                "--seconds" => plan.until = Until::Seconds(number(word, words.next())?),
                "--seed" => {
                    let seed = u32::try_from(number(word, words.next())?);
                    plan.seed = Some(seed.map_err(|_| "`--seed` takes 32 bits".to_owned())?);
                }
                name if name.starts_with('-') || plan.target.is_some() => {
                    return Err(format!("`fuzz` does not know `{name}`"));
                }
                name => plan.target = Some(name.to_owned()),
            }
        }
        Ok(plan)
    }
}

fn number(option: &str, word: Option<&&str>) -> std::result::Result<u64, String> {
    let parsed = word.and_then(|word| word.parse().ok()).filter(|number| *number > 0);
    parsed.ok_or_else(|| format!("`{option}` needs a number, 1 or more"))
}

/// Runs what is asked for, and says whether nothing was found.
pub(crate) fn long(plan: &Plan) -> bool {
    let mut tally = Tally::default();
    let seed = plan.seed.unwrap_or_else(std::process::id);
    let outcome = Workspace::load().and_then(|workspace| {
        let fuzzer = Fuzzer::build(&workspace)?;
        let targets = match &plan.target {
            None => fuzzer.targets()?,
            Some(name) => vec![fuzzer.target(name)?],
        };
        println!("seed {seed}");
        fuzzer.run_all(&targets, plan.until, seed, Corpus::Growing, &mut tally)
    });
    if let Err(Failure(message)) = &outcome {
        eprintln!("\nerror: {message}");
    }
    outcome.is_ok()
}

/// The step of `cargo xtask test`: each target counts as one test.
pub(crate) fn short(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let fuzzer = Fuzzer::build(workspace)?;
    println!("    seed {SHORT_SEED}, {SHORT_RUNS} runs each");
    fuzzer.run_all(&fuzzer.targets()?, Until::Runs(SHORT_RUNS), SHORT_SEED, Corpus::Fresh, tally)
}

/// Where a run begins.
#[derive(Clone, Copy)]
enum Corpus {
    /// From the seeds alone.
    Fresh,
    /// From the seeds and what earlier runs came upon.
    Growing,
}

struct Fuzzer {
    /// The crate with the targets.
    sources: PathBuf,
    programs: PathBuf,
    /// Where corpora grow and findings are left.
    work: PathBuf,
}

impl Fuzzer {
    /// Builds every target. They have a target directory of their own, because of their flags; and a triple is named, so
    /// that build scripts and macros get none of them.
    fn build(workspace: &Workspace) -> Result<Self> {
        tools::cxx()?;
        let (sources, work) = (workspace.root.join("tests/fuzz"), workspace.target.join("fuzz"));
        let host = Run::new("rustc").args(["--print", "host-tuple"]).captured()?;
        let host = host.trim();
        println!("    building the fuzz targets");
        Run::cargo("build --quiet --release --locked --bins --manifest-path")
            .args([workspace.root.join(MANIFEST)])
            .args(["--target", host, "--target-dir"])
            .args([&work])
            .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"))
            .captured()?;
        Ok(Self { sources, programs: work.join(host).join("release"), work })
    }

    /// The targets, in the order of their names.
    fn targets(&self) -> Result<Vec<String>> {
        let folder = self.sources.join("fuzz_targets");
        let mut names = Vec::new();
        for entry in during(folder.display(), fs::read_dir(&folder))? {
            let path = during(folder.display(), entry)?.path();
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
        names.sort();
        Ok(names)
    }

    fn target(&self, name: &str) -> Result<String> {
        let known = self.targets()?;
        match known.iter().find(|known| *known == name) {
            Some(name) => Ok(name.clone()),
            None => Err(Failure(format!("there is no target `{name}`: there are {}", known.join(", ")))),
        }
    }

    /// Runs targets to the end, whatever is found at one of them.
    fn run_all(
        &self,
        targets: &[String],
        until: Until,
        seed: u32,
        corpus: Corpus,
        tally: &mut Tally,
    ) -> Result<()> {
        let mut failed = Vec::new();
        for target in targets {
            let report = self.run(target, until, seed, corpus)?;
            println!("    {target:<20} {report}");
            if report.fine {
                tally.passed += 1;
                continue;
            }
            tally.failed += 1;
            failed.push(target.as_str());
            println!("{}", report.told);
            match &report.reproduction {
                Some(file) => {
                    println!("    to see it again: {} {file}", self.programs.join(target).display())
                }
                None => println!("    {target} left no input behind"),
            }
        }
        match failed.as_slice() {
            [] => Ok(()),
            names => Err(Failure(format!("something was found by {}", names.join(", ")))),
        }
    }

    fn run(&self, target: &str, until: Until, seed: u32, corpus: Corpus) -> Result<Report> {
        let inputs = match corpus {
            Corpus::Fresh => emptied(&self.work.join("short").join(target))?,
            Corpus::Growing => made(&self.work.join("corpus").join(target))?,
        };
        let findings = made(&self.work.join("findings").join(target))?;
        let enough = match until {
            Until::Runs(runs) => format!("-runs={runs}"),
            Until::Seconds(seconds) => format!("-max_total_time={seconds}"),
        };
        let start = Instant::now();
        let (told, fine) = Run::new(self.programs.join(target))
            .args([&inputs, &self.sources.join("corpus").join(target)])
            .args([format!("-dict={}", self.dictionary(target).display())])
            .args([format!("-artifact_prefix={}/", findings.display())])
            .args([enough, format!("-seed={seed}")])
            .args([format!("-timeout={INPUT_SECONDS}"), format!("-rss_limit_mb={MEMORY}")])
            .args(["-print_final_stats=1", "-verbosity=1"])
            .told()?;
        Ok(Report::read(&told, fine, start.elapsed()))
    }

    fn dictionary(&self, target: &str) -> PathBuf {
        self.sources.join("dictionaries").join(format!("{target}.dict"))
    }
}

fn made(folder: &Path) -> Result<PathBuf> {
    during(folder.display(), fs::create_dir_all(folder))?;
    Ok(folder.to_owned())
}

fn emptied(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        during(folder.display(), fs::remove_dir_all(folder))?;
    }
    made(folder)
}

/// What libFuzzer said at its end.
#[derive(Debug, Default, PartialEq, Eq)]
struct Report {
    runs: u64,
    rate: u64,
    new: u64,
    fine: bool,
    /// The file with the input that was too much.
    reproduction: Option<String>,
    /// Why, as the target said it.
    told: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = if self.fine { "no finding" } else { "1 finding" };
        write!(f, "{:>9} runs {:>7}/s {:>6} new inputs  {found}", self.runs, self.rate, self.new)
    }
}

impl Report {
    fn read(text: &str, fine: bool, took: Duration) -> Self {
        let stat = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(&format!("stat::{name}:")));
            line.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
        };
        let written = text.lines().find_map(|line| line.split_once("Test unit written to "));
        // What libFuzzer says while all is well is of no use here.
        let chatter = |line: &&str| {
            !["#", "INFO:", "WARNING: Failed to find", "\t", "MS:", "stat::", "0x"]
                .iter()
                .any(|start| line.starts_with(start))
        };
        let runs = stat("number_of_executed_units");
        Self {
            runs,
            // libFuzzer's own rate is 0 in the first second.
            rate: (runs as f64 / took.as_secs_f64()) as u64,
            new: stat("new_units_added"),
            fine,
            reproduction: written.map(|(_, file)| file.trim().to_owned()),
            told: text.lines().filter(chatter).collect::<Vec<_>>().join("\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, Report, Until};
    use std::time::Duration;

    fn parse(line: &str) -> Result<Plan, String> {
        Plan::parse(&line.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn plans_are_understood() {
        let plan =
            |target: Option<&str>, until, seed| Ok(Plan { target: target.map(str::to_owned), until, seed });
        assert_eq!(parse(""), plan(None, Until::Seconds(600), None));
        assert_eq!(parse("config --runs 5 --seed 3"), plan(Some("config"), Until::Runs(5), Some(3)));
        assert_eq!(parse("--seconds 9"), plan(None, Until::Seconds(9), None));
        for bad in ["a b", "--runs", "--runs x", "--runs 0", "--seed 4294967296", "--fast"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_end_of_a_run_is_read() {
        let text = "INFO: Seed: 7\n#1\tINITED cov: 1\nthread panicked at a.rs:1:\nno\n\
            artifact_prefix='f/'; Test unit written to f/crash-1\nBase64: eA==\n\
            stat::number_of_executed_units: 20000\nstat::new_units_added: 9\n";
        let report = Report::read(text, false, Duration::from_secs(4));
        assert_eq!((report.runs, report.rate, report.new, report.fine), (20_000, 5_000, 9, false));
        assert_eq!(report.to_string(), "    20000 runs    5000/s      9 new inputs  1 finding");
        assert_eq!(report.reproduction.as_deref(), Some("f/crash-1"));
        assert!(report.told.contains("panicked") && !report.told.contains("cov:"), "{}", report.told);
        let nothing = Report::read("", true, Duration::from_secs(1));
        assert_eq!(nothing, Report { fine: true, ..Report::default() });
    }
}
