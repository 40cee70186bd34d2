//! Tables.

use std::fmt;

use anstream::{AutoStream, ColorChoice};
use comfy_table::{Attribute, Color, ContentArrangement, LineStyle, Table as Grid, TableStyle, presets};
use idv::VerificationStatus;
use idv::health::HealthOutcome;

/// A cell and its style.
pub(crate) struct Cell(comfy_table::Cell);

impl Cell {
    pub(crate) fn plain(text: impl ToString) -> Self {
        Self(comfy_table::Cell::new(text.to_string()))
    }

    pub(crate) fn strong(text: impl ToString) -> Self {
        Self(comfy_table::Cell::new(text.to_string()).add_attribute(Attribute::Bold))
    }

    pub(crate) fn status(status: VerificationStatus) -> Self {
        use VerificationStatus as Status;
        let color = match status {
            Status::Approved => Color::Green,
            Status::Rejected | Status::Failed => Color::Red,
            Status::Unrecognized => Color::Magenta,
            Status::ResubmissionRequired | Status::OnHold => Color::Yellow,
            Status::Abandoned | Status::Expired | Status::Cancelled => Color::DarkGrey,
            _ => Color::Blue,
        };
        Self(comfy_table::Cell::new(status).fg(color))
    }

    pub(crate) fn outcome(outcome: HealthOutcome) -> Self {
        let color = match outcome {
            HealthOutcome::Fine => Color::Green,
            HealthOutcome::Doubtful => Color::Yellow,
            HealthOutcome::Broken => Color::Red,
            _ => Color::DarkGrey,
        };
        Self(comfy_table::Cell::new(outcome).fg(color))
    }
}

/// One line, under the head.
const HEAD_ONLY: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table with a head.
pub(crate) struct Table(Grid);

impl Table {
    pub(crate) fn new<'a>(head: impl IntoIterator<Item = &'a str>) -> Self {
        let mut grid = grid();
        grid.load_style(HEAD_ONLY);
        let bold = |name| comfy_table::Cell::new(name).add_attribute(Attribute::Bold);
        grid.set_header(head.into_iter().map(bold).collect::<Vec<_>>());
        Self(grid)
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.0.add_row(cells.into_iter().map(|cell| cell.0).collect::<Vec<_>>());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.lines().map(|line| line.trim_end().to_owned()).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// Names and values, one pair a line. Values are never wrapped: a link has to stay in one piece.
pub(super) fn facts(rows: Vec<(&str, Cell)>) -> String {
    let mut grid = grid();
    grid.load_style(presets::NOTHING);
    grid.set_content_arrangement(ContentArrangement::Disabled);
    for (name, cell) in rows {
        grid.add_row([comfy_table::Cell::new(name).fg(Color::DarkGrey), cell.0]);
    }
    let lines: Vec<String> = grid.lines().map(|line| line.trim().to_owned()).collect();
    lines.join("\n")
}

fn grid() -> Grid {
    let mut grid = Grid::new();
    if AutoStream::choice(&std::io::stdout()) == ColorChoice::Never {
        grid.force_no_tty();
    } else {
        grid.set_content_arrangement(ContentArrangement::Dynamic).enforce_styling();
    }
    grid
}
