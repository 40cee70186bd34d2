//! Latency of a start and a check against the sandbox: the cost of the adapters and the HTTP call.

use std::time::{Duration, Instant};

use idv::{Registry, Result, VerificationProvider};
use idv_conformance::storyline::Stage;
use idv_conformance::storyline::sandbox::{Flow, SandboxStage};
use idv_sandbox::Sandbox;
use serde_json::{Value, json};

use super::paper::Paper;
use crate::failure::broken;
use crate::output::Progress;
use crate::simulated;

/// The number of calls of which the median is taken.
const CALLS: usize = 21;

/// The medians of each flow.
pub(crate) struct Latency(Vec<Measured>);

struct Measured {
    flow: Flow,
    start: Duration,
    check: Duration,
}

impl Latency {
    pub(crate) async fn measure(
        sandbox: &Sandbox,
        registry: &Registry,
        flows: &[Flow],
        progress: &Progress,
    ) -> Result<Self> {
        let mut measured = Vec::new();
        for flow in flows.iter().copied() {
            progress.step(&format!("{}: {CALLS} calls", flow.name()));
            let stage = SandboxStage::set(sandbox, flow).await.map_err(broken)?;
            measured.push(Measured::of(flow, &stage, &*simulated::provider(registry, flow)?).await?);
        }
        Ok(Self(measured))
    }

    /// Each flow with its times, and how often the fastest one fits into them.
    fn rows(&self) -> impl Iterator<Item = (&Measured, f64, f64)> {
        let fastest = |of: fn(&Measured) -> Duration| self.0.iter().map(of).min().unwrap_or_default();
        let (start, check) = (fastest(|one| one.start), fastest(|one| one.check));
        self.0.iter().map(move |one| (one, ratio(one.start, start), ratio(one.check, check)))
    }

    pub(crate) fn document(&self) -> Value {
        let flow = |(one, start, check): (&Measured, f64, f64)| {
            json!({
                "flow": one.flow.name(),
                "start_microseconds": micros(one.start),
                "start_relative": start,
                "check_microseconds": micros(one.check),
                "check_relative": check,
            })
        };
        json!({"calls": CALLS, "flows": self.rows().map(flow).collect::<Vec<_>>()})
    }

    pub(crate) fn print(&self, paper: &mut Paper) {
        paper.heading(1, "Latency");
        paper.text(format!(
            "The median of {CALLS} calls to the sandbox on this machine, and how many times that of the fastest flow it \
             is: what the adapters cost, not what the vendors take."
        ));
        let row = |(one, start, check): (&Measured, f64, f64)| {
            vec![
                one.flow.name().to_owned(),
                format!("{} µs", micros(one.start)),
                format!("{start:.1}"),
                format!("{} µs", micros(one.check)),
                format!("{check:.1}"),
            ]
        };
        let head = ["flow", "start", "of the fastest", "check", "of the fastest"];
        paper.grid(head, self.rows().map(row).collect());
    }
}

impl Measured {
    async fn of(flow: Flow, stage: &dyn Stage, provider: &dyn VerificationProvider) -> Result<Self> {
        let (mut starts, mut checks) = (Vec::new(), Vec::new());
        for _ in 0..CALLS {
            let case = stage.enter().await.map_err(broken)?;
            let before = Instant::now();
            let session = provider.start(&case.start).await?;
            starts.push(before.elapsed());
            let check = case.check(&session.reference);
            let before = Instant::now();
            provider.check(&check).await?;
            checks.push(before.elapsed());
        }
        Ok(Self { flow, start: median(starts), check: median(checks) })
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn ratio(time: Duration, fastest: Duration) -> f64 {
    if fastest.is_zero() { 1.0 } else { (time.as_secs_f64() / fastest.as_secs_f64() * 100.0).round() / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle_and_the_fastest_is_one() {
        let micros = |count| Duration::from_micros(count);
        assert_eq!(median(vec![micros(900), micros(1), micros(5)]), micros(5));
        let one = |(flow, start)| Measured { flow, start: micros(start), check: micros(7) };
        let latency = Latency(Flow::all().zip([30, 20]).map(one).collect());
        let rows: Vec<(f64, f64)> = latency.rows().map(|(_, start, check)| (start, check)).collect();
        assert_eq!(rows, [(1.5, 1.0), (1.0, 1.0)]);
    }
}
