//! Waits for conditions.

use std::time::{Duration, Instant};

/// How long nothing may change on a machine that does other work too.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often it is looked at.
const STEP: Duration = Duration::from_millis(50);

/// Waits until `look` gives a value; its error says what is missing. As long as that changes, it is waited for.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let (mut changed, mut before) = (Instant::now(), String::new());
    loop {
        match look().await {
            Ok(found) => return found,
            Err(missing) if missing != before => (changed, before) = (Instant::now(), missing),
            Err(missing) if changed.elapsed() > PATIENCE => panic!("waited for {what}: {missing}"),
            Err(_) => {}
        }
        tokio::time::sleep(STEP).await;
    }
}

/// Waits until `is_so` is true.
pub(crate) async fn until_true(what: &str, mut is_so: impl FnMut() -> bool) {
    until(what, async || if is_so() { Ok(()) } else { Err("it is not so".to_owned()) }).await;
}
