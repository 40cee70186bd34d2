//! `idv tracker replay`.

use crate::args::{Args, Replay};
use crate::failure::Failure;
use crate::output::{Document, Stored};
use crate::store;

/// How many transitions are read at once.
const PAGE: usize = 256;

pub(super) async fn run(args: &Args, options: &Replay) -> Result<(), Failure> {
    let (tracker, output) = (store::open(args).await?, args.output());
    if let Some(name) = &options.consumer {
        tracker.consumer(name).await?.replay_after(options.after).await?;
        return output.show(&Document::Stored(Stored::Consumer { name, position: options.after }));
    }
    let mut position = options.after;
    loop {
        let page = tracker.transitions(position, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        position = last.position;
        for transition in &page {
            output.show(&Document::Stored(Stored::Transition(transition)))?;
        }
    }
}
