//! The command line of `idv tracker`.

use clap::{Args as ClapArgs, Subcommand};
use idv::adapter::HumanDuration;
use idv_tracker::VerificationId;

#[derive(Debug, Subcommand)]
pub(crate) enum Tracker {
    /// Work until SIGINT or SIGTERM: poll what is due, join early webhooks, look for the sessions of lost starts, and print
    /// each change of a state. Any number of workers share one PostgreSQL database.
    Run(Run),
    /// Count verifications, and show how much waits.
    Status,
    /// Show a verification, all that was observed of it, and the changes of its state.
    History(History),
    /// Print changes of states again, or set the place of a consumer.
    Replay(Replay),
    /// Ask the vendors about every verification, and list where they disagree with the store.
    Reconcile(Reconcile),
    /// Have the vendor delete the applicant's data where it can, and delete it in the store. It cannot be undone.
    Erase(Erase),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Run {
    /// The longest time to work, such as 10m; its end is no failure. Default: no limit.
    #[arg(long = "for", value_name = "TIME", conflicts_with = "once")]
    pub(crate) limit: Option<HumanDuration>,
    /// Do what is due now, and end.
    #[arg(long)]
    pub(crate) once: bool,
    /// The position after which transitions are printed; 0 is the beginning. Default: the newest one, so that only later ones are.
    #[arg(long, value_name = "POSITION", value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) after: Option<i64>,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct History {
    /// The reference of the session: `provider:key`.
    #[arg(value_name = "REF")]
    pub(crate) session: Option<String>,
    /// Your own id of the case: its newest verification is shown, and the others are named.
    #[arg(long, value_name = "R")]
    pub(crate) reference: Option<String>,
    /// The number of the verification in the store.
    #[arg(long, value_name = "N")]
    pub(crate) id: Option<VerificationId>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Replay {
    /// The position after which to begin; 0 is the beginning.
    #[arg(long, value_name = "POSITION", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) after: i64,
    /// Print nothing, and let the consumer of this name read on from there.
    #[arg(long, value_name = "NAME")]
    pub(crate) consumer: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Reconcile {
    /// Store what the vendors say.
    #[arg(long)]
    pub(crate) repair: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Erase {
    #[command(flatten)]
    pub(crate) which: Erased,
    /// Do not ask for confirmation; else the reference is typed again on a terminal.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct Erased {
    /// The reference of the session: `provider:key`.
    #[arg(value_name = "REF")]
    pub(crate) session: Option<String>,
    /// The number of the verification in the store, for one whose session is not known.
    #[arg(long, value_name = "N")]
    pub(crate) id: Option<VerificationId>,
}

/// The options of `idv start` that keep the verification.
#[derive(Debug, ClapArgs)]
pub(crate) struct Tracking {
    /// Keep the verification in the database of `[tracker]`. If one is open for the same reference and purpose, it is shared.
    #[arg(long)]
    pub(crate) track: bool,
    /// The purpose, such as onboarding: starts of one reference and one purpose share one open session.
    #[arg(long, value_name = "P", requires = "track")]
    pub(crate) purpose: Option<String>,
    /// Open another session, even if one is open.
    #[arg(long, requires = "track")]
    pub(crate) another: bool,
}
