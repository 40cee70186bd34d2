//! The command line.

#[cfg(feature = "tracker")]
mod tracker;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{ArgAction, Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::output::Output;

#[cfg(feature = "tracker")]
pub(crate) use tracker::{
    Erase as EraseTracked, History as TrackedHistory, Reconcile, Replay, Run as RunTracker, Tracker, Tracking,
};

/// Verify people and companies at any configured vendor.
///
/// The vendor of a new session comes from the configuration file (`active = "…"`, and `[routing]`); every other command
/// goes to the provider that its reference names.
#[derive(Debug, Parser)]
#[command(name = "idv", version, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Try it without any account: `idv demo`, or `idv sandbox` in one terminal and `idv start` in another.\n\
Exit codes: 0 fine; 2 usage or configuration; 3 the request cannot work; 4 the vendor failed,\n\
or the output cannot be written; 5 webhook or redirect rejected."
)]
pub(crate) struct Args {
    /// The configuration file; default: the one that the environment variable IDV_CONFIG names, else idv.toml.
    #[arg(long, global = true, value_name = "FILE", default_value_os_t = config_of_environment(), hide_default_value = true)]
    pub(crate) config: PathBuf,

    #[command(flatten)]
    pub(crate) output: Output,

    /// Log events on stderr; twice for more.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run every flow to every outcome against simulated vendors, and compare them.
    Demo,
    /// Play the same storylines through every flow and show them side by side, or report the changes of a migration.
    Compare(Compare),
    /// List the configured providers: what they can do and what they need.
    Providers,
    /// Show the provider of a new session, and why the others do not get it. Nothing is sent.
    Route(Route),
    /// Open a session for an applicant.
    Start(Box<Start>),
    /// Get a fresh link or token for the same applicant.
    Refresh(Existing),
    /// Read the current state from the vendor.
    Check(Check),
    /// Poll, at the vendor's own pace, until nothing more can change. On SIGHUP it reads the configuration again;
    /// SIGINT, SIGTERM and a closed standard output end it.
    Watch(Watch),
    /// Find sessions by your own reference, if the vendor can.
    Find(Find),
    /// Take over a verification that was made elsewhere.
    Import(Import),
    /// Withdraw a session that is still open.
    Cancel(Cancel),
    /// Have the vendor delete the applicant's data. It cannot be undone.
    Erase(Erase),
    /// Read a return URL: a hint, checked against the session it should belong to.
    Redirect(Redirect),
    /// Verify a webhook, and read it.
    Webhook(Webhook),
    /// Keep verifications in a database: work, look, repair.
    #[cfg(feature = "tracker")]
    #[command(subcommand)]
    Tracker(Tracker),
    /// Check the configuration, or print its schema.
    #[command(subcommand)]
    Config(Config),
    /// Read the description of a vendor: show what an application sees of each sample in it, and run the conformance kit at a mock
    /// vendor on loopback.
    Describe(Describe),
    /// Run the health checks of each configured provider: secrets, connection, key, clock. Each vendor gets one
    /// harmless request.
    Doctor,
    /// Run the simulated vendors, and print a configuration that uses them.
    Sandbox(Sandbox),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// The default path of the configuration. An empty variable counts as unset; the parser's own reading of variables
/// would refuse it.
fn config_of_environment() -> PathBuf {
    let named = std::env::var_os("IDV_CONFIG").filter(|name| !name.is_empty());
    named.map_or_else(|| PathBuf::from("idv.toml"), PathBuf::from)
}

impl Args {
    /// The output in the format that was asked for; `idv compare --format json` asks as `--json` does.
    pub(crate) fn output(&self) -> Output {
        let format = match &self.command {
            Command::Compare(compare) => compare.format,
            _ => None,
        };
        Output { json: self.output.json || format == Some(Format::Json) }
    }
}

/// Without an id: the same storylines at every simulated vendor. With two: the changes that an application notices when
/// it moves from the one to the other.
#[derive(Debug, ClapArgs)]
pub(crate) struct Compare {
    /// The output format; default: a table, and with --json the document.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// The provider to move away from: one that is configured, or a flow of the sandbox.
    #[arg(long, value_name = "ID")]
    pub(crate) from: Option<String>,
    /// The provider to move to.
    #[arg(long, value_name = "ID")]
    pub(crate) to: Option<String>,
    /// Compare the vendors of built-in descriptions too, a column for each; by default there is one for each kind.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub(crate) all: bool,
    /// Print measured latencies in Markdown too; by default it has none, because they differ from run to run.
    #[arg(long)]
    pub(crate) latency: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Describe {
    /// The description, a TOML file (`-` is stdin); or the name of a built-in one, such as persona.
    #[arg(value_name = "FILE|NAME")]
    pub(crate) description: PathBuf,
    /// Print the vendor's page for documentation instead, in Markdown, with a configuration to begin with.
    #[arg(long, conflicts_with = "toml")]
    pub(crate) page: bool,
    /// Print the document itself instead, such as a built-in one to begin with.
    #[arg(long)]
    pub(crate) toml: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Markdown,
    Json,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Route {
    /// Your own id of the case.
    #[arg(long, value_name = "R")]
    pub(crate) reference: String,
    /// The applicant's country, as two letters of ISO 3166-1.
    #[arg(long, value_name = "C")]
    pub(crate) country: Option<idv::CountryCode>,
    /// The subject of the verification.
    #[arg(long, value_name = "KIND")]
    pub(crate) subject: Option<Subject>,
    /// The workflow that is asked for.
    #[arg(long, value_name = "W")]
    pub(crate) workflow: Option<String>,
    /// An attribute that rules ask about, as name=value; repeatable.
    #[arg(long, value_name = "K=V", value_parser = attribute)]
    pub(crate) attribute: Vec<(String, String)>,
    /// A provider that must not get the session, such as an earlier one of the applicant; repeatable.
    #[arg(long, value_name = "ID")]
    pub(crate) exclude: Vec<String>,
    /// A capability that the session needs of its provider, such as refresh; repeatable.
    #[arg(long, value_name = "CAPABILITY")]
    pub(crate) need: Vec<idv::profile::Capability>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    Person,
    Business,
}

impl From<Subject> for idv::SubjectKind {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Person => Self::Person,
            Subject::Business => Self::Business,
        }
    }
}

fn host(text: &str) -> Result<IpAddr, String> {
    if text == "localhost" {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    text.parse()
        .map_err(|_| "expected an IP address of this machine, such as 0.0.0.0 for all of them".to_owned())
}

fn attribute(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected name=value".to_owned()),
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Start {
    /// The provider; default: the one that `[routing]` chooses, without which it is the active one.
    #[arg(long, value_name = "ID")]
    pub(crate) provider: Option<String>,
    /// Your own id of the case.
    #[arg(long, value_name = "R", required_unless_present = "subject")]
    pub(crate) reference: Option<String>,
    /// The applicant's first name.
    #[arg(long, value_name = "NAME")]
    pub(crate) first_name: Option<String>,
    /// The applicant's last name.
    #[arg(long, value_name = "NAME")]
    pub(crate) last_name: Option<String>,
    /// The applicant's e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// The applicant's phone number, such as +15192223333.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone: Option<String>,
    /// The applicant's date of birth, such as 1815-12-10.
    #[arg(long, value_name = "DATE")]
    pub(crate) date_of_birth: Option<String>,
    /// The country that the verification is about, as two letters of ISO 3166-1.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<String>,
    /// The language in which the applicant is spoken to, such as en or pt-BR.
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<String>,
    /// The organization to verify.
    #[arg(long, value_name = "O")]
    pub(crate) organization: Option<String>,
    #[command(flatten)]
    pub(crate) credentials: Credentials,
    /// The URL that the browser goes to when the applicant has finished.
    #[arg(long, value_name = "U")]
    pub(crate) redirect_url: Option<String>,
    /// The vendor's workflow to run.
    #[arg(long, value_name = "W")]
    pub(crate) workflow: Option<String>,
    /// Let the vendor write to the applicant; default: it does not.
    #[arg(long, value_name = "HOW", value_delimiter = ',')]
    pub(crate) invite: Vec<Invite>,
    /// The key under which the vendor recognises a repeated start; default: a fresh one.
    #[arg(long, value_name = "K")]
    pub(crate) idempotency_key: Option<String>,
    /// Read all of this from a JSON file with snake_case keys (`-` is stdin); options given here come first.
    #[arg(long, value_name = "FILE")]
    pub(crate) subject: Option<PathBuf>,
    /// Also print the link as a QR code.
    #[arg(long)]
    pub(crate) qr: bool,
    #[cfg(feature = "tracker")]
    #[command(flatten)]
    pub(crate) tracking: Tracking,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Invite {
    Email,
    Sms,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Erase {
    #[command(flatten)]
    pub(crate) existing: Existing,
    /// Do not ask for confirmation; else the reference is typed again on a terminal.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// The applicant's own credentials. They are best kept out of the command line, which other users of a machine can see.
#[derive(Debug, ClapArgs)]
pub(crate) struct Credentials {
    /// The environment variable with the applicant's own token at the vendor.
    #[arg(long, value_name = "VAR")]
    pub(crate) user_token_env: Option<String>,
    /// The id of a registration under way.
    #[arg(long, value_name = "I", conflicts_with = "onboarding_id_env")]
    pub(crate) onboarding_id: Option<String>,
    /// The environment variable with the id of a registration under way.
    #[arg(long, value_name = "VAR")]
    pub(crate) onboarding_id_env: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Existing {
    /// The reference that `idv start` printed: `provider:key`.
    #[arg(value_name = "REF")]
    pub(crate) session: String,
    #[command(flatten)]
    pub(crate) credentials: Credentials,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) existing: Existing,
    /// Also print what the vendor verified of an approved applicant: name, date of birth, document and more. This prints personal
    /// data, as no other option does.
    #[arg(long)]
    pub(crate) identity: bool,
    /// Keep the answer in the database of `[tracker]`, as that of a poll.
    #[cfg(feature = "tracker")]
    #[arg(long)]
    pub(crate) track: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Cancel {
    #[command(flatten)]
    pub(crate) existing: Existing,
    /// Keep the answer in the database of `[tracker]`, as that of a poll.
    #[cfg(feature = "tracker")]
    #[arg(long)]
    pub(crate) track: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Watch {
    #[command(flatten)]
    pub(crate) existing: Existing,
    /// The longest time to watch, such as 10m; its end is no failure. Default: no limit.
    #[arg(long = "for", value_name = "TIME")]
    pub(crate) limit: Option<idv::adapter::HumanDuration>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Find {
    /// The provider.
    #[arg(long, value_name = "ID")]
    pub(crate) provider: String,
    /// Your own id of the case.
    #[arg(long, value_name = "R")]
    pub(crate) reference: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Import {
    /// The provider.
    #[arg(long, value_name = "ID")]
    pub(crate) provider: String,
    /// The organization that the verification belongs to.
    #[arg(long, value_name = "O")]
    pub(crate) organization: Option<String>,
    /// The environment variable with the single-use share token.
    #[arg(long, value_name = "VAR")]
    pub(crate) share_token_env: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Redirect {
    /// The reference of the session that the user is known to have.
    #[arg(value_name = "REF")]
    pub(crate) session: String,
    /// The URL that the browser opened.
    pub(crate) url: String,
    /// Keep the hint in the database of `[tracker]`, and have the vendor asked soon.
    #[cfg(feature = "tracker")]
    #[arg(long)]
    pub(crate) track: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Webhook {
    /// The provider whose endpoint received it.
    #[arg(value_name = "ID")]
    pub(crate) provider: String,
    /// A file with the headers, one `Name: value` a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) headers: PathBuf,
    /// A file with the body, byte for byte.
    #[arg(long, value_name = "FILE")]
    pub(crate) body: PathBuf,
    /// The time of arrival, such as 2026-11-20T12:30:00Z; default: now.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<String>,
    /// Keep the event in the database of `[tracker]`, as an endpoint does.
    #[cfg(feature = "tracker")]
    #[arg(long, conflicts_with = "at")]
    pub(crate) track: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Check the configuration: every problem with its line, every secret resolved.
    Check {
        /// An older configuration: warn about what would strand sessions in flight.
        #[arg(long, value_name = "OLD")]
        against: Option<PathBuf>,
    },
    /// Print the JSON Schema of the configuration, for editors.
    Schema,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sandbox {
    /// The address to listen on, such as 0.0.0.0 in a container. On any but loopback, every machine that reaches it can
    /// use it.
    #[arg(long, value_name = "H", default_value = "127.0.0.1", value_parser = host)]
    pub(crate) host: IpAddr,
    /// The port of the operator's page and the control API; the vendors take the ports after it, one each. Default:
    /// any free ports.
    #[arg(long, value_name = "P")]
    pub(crate) port: Option<u16>,
    /// Makes keys, ids and tokens a function of this number.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// The URL that all vendors send their webhooks to: plain http on loopback.
    #[arg(long, value_name = "URL")]
    pub(crate) webhook_url: Option<String>,
    /// The URL that the hosted pages of Baanx send the applicant to afterwards.
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<url::Url>,
    /// Lifts the limits on requests per second, minute and day.
    #[arg(long)]
    pub(crate) no_rate_limits: bool,
    /// Print the OpenAPI document of the control API, and start nothing.
    #[arg(long)]
    pub(crate) openapi: bool,
}
