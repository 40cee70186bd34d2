//! One thing that idv does, beside the same thing done otherwise.

use serde::Serialize;

/// Does a thing so many times.
pub type Run = Box<dyn FnMut(u64)>;

/// One way to do a thing.
pub struct Side {
    /// Who does it: `idv`, `by hand`, or another library.
    pub name: &'static str,
    prepare: Box<dyn Fn() -> Run>,
}

impl Side {
    /// A way to do a thing, from its preparation, which is not measured.
    pub fn new<R: FnMut(u64) + 'static>(name: &'static str, prepare: impl Fn() -> R + 'static) -> Self {
        Self { name, prepare: Box::new(move || Box::new(prepare())) }
    }

    /// A way to do a thing that takes no preparation of its own.
    pub fn of<T>(name: &'static str, act: impl Fn() -> T + Clone + 'static) -> Self {
        Self::new(name, move || {
            let act = act.clone();
            move |times| {
                for _ in 0..times {
                    std::hint::black_box(act());
                }
            }
        })
    }

    /// Prepares it.
    #[must_use]
    pub fn prepare(&self) -> Run {
        (self.prepare)()
    }
}

impl std::fmt::Debug for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Side").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a case should reach.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Aims {
    /// Processor time, at most so many times that of the second side.
    pub time: Option<f64>,
    /// Instructions, at most so many times those of the second side.
    pub instructions: Option<f64>,
    /// Allocations, at most so many.
    pub allocations: Option<f64>,
    /// Processor time of every further side, at least so many times ours.
    pub peers: Option<f64>,
}

/// One thing that idv does. The first side is idv, the second the floor, and further ones are peers.
#[derive(Debug)]
pub struct Case {
    /// Subject and thing, such as `call nxos check`.
    pub name: &'static str,
    /// What it should reach.
    pub aims: Aims,
    /// The ways to do it.
    pub sides: Vec<Side>,
    /// How often it is done to count instructions: enough to even out, and few enough for an emulator.
    pub counted: u64,
}
