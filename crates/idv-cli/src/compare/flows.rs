//! Every storyline through every flow.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idv::{Registry, Result, VerificationProvider};
use idv_conformance::storyline::sandbox::{Flow, SandboxStage};
use idv_conformance::storyline::{AlignedStep, Beat, Storyline, Trace, align};
use idv_sandbox::Sandbox;
use serde_json::{Value, json};

use super::facts;
use super::latency::Latency;
use super::paper::{NOTHING, Paper};
use crate::failure::broken;
use crate::output::{Progress, json};
use crate::simulated;

/// The mark of a step at which an application notices a difference.
const MARK: &str = "≠";

/// The flows of the sandbox, and the traces of the storylines.
pub(crate) struct Comparison {
    flows: Vec<Flow>,
    registry: Registry,
    played: Vec<(Storyline, Vec<Trace>)>,
    latency: Option<Latency>,
}

impl Comparison {
    /// Plays all storylines through these flows; also measures latency if `timed`.
    pub(crate) async fn make(sandbox: &Sandbox, flows: Vec<Flow>, timed: bool) -> Result<Self> {
        let progress = Progress::begin();
        let registry = simulated::without_retries(sandbox)?;
        let mut played = Vec::new();
        for storyline in Storyline::ALL {
            let mut traces = Vec::new();
            for flow in flows.iter().copied() {
                progress.step(&format!("{}: {}", flow.name(), storyline.title()));
                let stage = SandboxStage::set(sandbox, flow).await.map_err(broken)?;
                let trace =
                    storyline.play(&stage, &*simulated::provider(&registry, flow)?).await.map_err(broken)?;
                traces.push(trace);
            }
            played.push((*storyline, traces));
        }
        let latency =
            if timed { Some(Latency::measure(sandbox, &registry, &flows, &progress).await?) } else { None };
        progress.end();
        Ok(Self { flows, registry, played, latency })
    }

    fn providers(&self) -> Vec<Arc<dyn VerificationProvider>> {
        let providers = self.flows.iter().map(|flow| simulated::provider(&self.registry, *flow));
        providers.filter_map(Result::ok).collect()
    }

    pub(crate) fn document(&self) -> Value {
        let providers = self.providers();
        let flows: Vec<Value> = providers.iter().map(|one| json::provider(&self.registry, &**one)).collect();
        let storylines: Vec<Value> = self.played.iter().map(storyline_document).collect();
        json!({"comparison": {
            "flows": flows,
            "storylines": storylines,
            "latency": self.latency.as_ref().map(Latency::document),
        }})
    }

    pub(crate) fn paper(&self) -> Paper {
        let mut paper = Paper::default();
        paper.heading(1, "Storylines");
        paper.text(format!(
            "{MARK} marks a step at which an application notices a difference, and the list below each table says \
             which. {NOTHING} means that the storyline took another way at this vendor."
        ));
        let mut told = Told::default();
        for (storyline, traces) in &self.played {
            told.print(&mut paper, *storyline, traces);
        }
        let providers = self.providers();
        let profiles: Vec<_> = providers.iter().map(|provider| provider.profile()).collect();
        let names: Vec<&str> = self.flows.iter().map(|flow| flow.name()).collect();
        facts::print(&mut paper, &names, &profiles);
        if let Some(latency) = &self.latency {
            latency.print(&mut paper);
        }
        paper
    }
}

fn storyline_document((storyline, traces): &(Storyline, Vec<Trace>)) -> Value {
    let aligned = align(&traces.iter().collect::<Vec<_>>());
    let step = |step: &AlignedStep<'_>| {
        json!({
            "by": step.by,
            "step": step.step,
            "differs": step.differs(),
            "differences": step.differences,
        })
    };
    let traces: BTreeMap<&str, &[Beat]> =
        traces.iter().map(|trace| (trace.flow.as_str(), trace.beats.as_slice())).collect();
    json!({
        "storyline": storyline.name(),
        "title": storyline.title(),
        "about": storyline.about(),
        "traces": traces,
        "steps": aligned.iter().map(step).collect::<Vec<_>>(),
    })
}

/// The explanations that are printed already: one that holds in several storylines is printed once.
#[derive(Default)]
struct Told(BTreeSet<String>);

impl Told {
    fn print(&mut self, paper: &mut Paper, storyline: Storyline, traces: &[Trace]) {
        let aligned = align(&traces.iter().collect::<Vec<_>>());
        paper.heading(2, storyline.title());
        paper.text(storyline.about());
        let flows = traces.iter().map(|trace| trace.flow.as_str());
        paper.grid(["", "step"].into_iter().chain(flows), aligned.iter().map(row).collect());
        paper.list(self.explanations(&aligned));
    }

    fn explanations(&mut self, aligned: &[AlignedStep<'_>]) -> Vec<String> {
        let (mut fresh, mut known) = (Vec::new(), Vec::new());
        // Steps of which there is no more to say than where they are taken, by these words.
        let mut elsewhere: Vec<(&str, Vec<String>)> = Vec::new();
        for step in aligned.iter().filter(|step| step.differs()) {
            if let ([only], true) = (step.differences.as_slice(), step.beats.contains(&None)) {
                match elsewhere.iter_mut().find(|(words, _)| words == only) {
                    Some((_, names)) => names.push(name(step)),
                    None => elsewhere.push((only, vec![name(step)])),
                }
                continue;
            }
            let text = format!("{MARK} {}: {}.", name(step), sentences(&step.differences));
            if self.0.insert(text.clone()) { fresh.push(text) } else { known.push(name(step)) }
        }
        let grouped = elsewhere.iter().map(|(words, names)| format!("{MARK} {words}: {}.", names.join(", ")));
        fresh.extend(grouped);
        if !known.is_empty() {
            fresh.push(format!("{MARK} as explained further up: {}.", known.join(", ")));
        }
        fresh
    }
}

fn name(step: &AlignedStep<'_>) -> String {
    format!("{} {}", step.by, step.step)
}

fn row(step: &AlignedStep<'_>) -> Vec<String> {
    let mark = if step.differs() { MARK } else { "" };
    let cells = step.beats.iter().map(|beat| beat.map_or_else(|| NOTHING.to_owned(), Beat::outcome));
    [mark.to_owned(), name(step)].into_iter().chain(cells).collect()
}

/// Sentences one after the other; the first goes on after a colon.
fn sentences(all: &[String]) -> String {
    let capitalized = |text: &String| {
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    let first = all.first().cloned();
    let rest = all.iter().skip(1).filter_map(capitalized);
    first.into_iter().chain(rest).collect::<Vec<_>>().join(". ")
}
