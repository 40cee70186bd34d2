//! The table, for the terminal, for programs and for the documentation.

use super::figure::Figure;
use crate::process::{Result, Run, during};
use crate::workspace::Workspace;
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::fs;

const HEADER: [&str; 8] = ["what", "measure", "idv", "against", "there", "ratio", "aim", "met"];

/// The table in Markdown, which a terminal shows as well.
pub(super) fn table(figures: &[Figure]) -> String {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(HEADER);
    figures.iter().for_each(|figure| {
        table.add_row(row(figure));
    });
    for column in [2, 4, 5] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

fn row(figure: &Figure) -> [String; 8] {
    let amount = |number: f64| format!("{} {}", rounded(number), figure.unit).trim_end().to_owned();
    let (who, theirs) =
        figure.against.clone().map_or_else(Default::default, |(who, theirs)| (who, amount(theirs)));
    [
        figure.name.clone(),
        figure.measure.clone(),
        amount(figure.ours),
        who,
        theirs,
        figure.ratio().map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
        figure.aim.map(|aim| aim.words()).unwrap_or_default(),
        figure.is_met().map(|met| if met { "yes" } else { "**no**" }).unwrap_or_default().to_owned(),
    ]
}

/// Three digits are enough, and none is hidden of a large number.
fn rounded(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 || number.fract() == 0.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

pub(super) fn json(figures: &[Figure]) -> Value {
    json!({"figures": figures.iter().map(Figure::json).collect::<Vec<_>>()})
}

/// Writes `docs/performance.md`.
pub(super) fn write(workspace: &Workspace, figures: &[Figure]) -> Result<()> {
    let file = workspace.root.join("docs/performance.md");
    let version = |program: &str| Ok(Run::new(program).args(["--version"]).captured()?.trim().to_owned());
    let text = format!(
        "# Performance\n\n\
         The cost of idv against the same work written by hand. `cargo xtask bench` writes this page; \
         [decision 8](decisions/0008-benchmarks.md) says how it measures, and why an aim is missed where it is.\n\n\
         Ratios are of one run, so they mean the same on any machine. Processor time is user and system time of the calling \
         process, the least of fifteen turns; instructions are counted by valgrind, without the kernel.\n\n\
         Machine: {}. Compiler: {}. {}.\n\n{}\n",
        machine()?,
        version("rustc")?,
        version("valgrind")?,
        table(figures)
    );
    during(file.display(), fs::write(&file, text))
}

fn machine() -> Result<String> {
    let file = "/proc/cpuinfo";
    let text = during(file, fs::read_to_string(file))?;
    let mut models = text.lines().filter_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = models.next().map_or("an unknown processor", |(_, model)| model.trim());
    Ok(format!("{} × {model}", std::thread::available_parallelism().map_or(1, usize::from)))
}

#[cfg(test)]
mod tests {
    use super::{rounded, table};
    use crate::bench::figure::{Aim, Figure};

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [1_234_567.8, 123.4, 12.34, 1.234, 7.0, 0.0].map(rounded),
            ["1234568", "123", "12.3", "1.23", "7", "0"]
        );
    }

    #[test]
    fn a_missed_aim_is_seen() {
        let figure = Figure::new("a call", "time", "ns", 22.0).against("by hand", 10.0);
        let table = table(&[figure.aim(Aim::RatioAtMost(1.05))]);
        for part in ["22 ns", "by hand", "10 ns", "2.20", "≤ 1.05 ×", "**no**"] {
            assert!(table.contains(part), "{part} in\n{table}");
        }
    }
}
