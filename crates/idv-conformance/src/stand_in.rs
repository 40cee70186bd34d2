//! The mock vendor, which gives scripted answers on loopback and records its requests.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use idv_core::Operation;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::json;
use crate::received::{Received, read};
use crate::reply::{Manner, Reply};
use crate::step::Step;
use crate::subject::Subject;
use crate::under_way::UnderWay;

/// The part of a request in the call that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The operation's own request.
    Own,
    /// A request beside it, which the subject declares.
    Step,
    /// A request for many calls, which the subject declares.
    Shared,
    /// A request that the operation must not make.
    Undeclared,
}

/// A request, and its part in a call.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) request: Received,
    pub(crate) operation: Option<Operation>,
    pub(crate) part: Part,
    /// The values of the answer that a later request has to name.
    pub(crate) gives: Vec<String>,
}

type Answering = Pin<Box<dyn Future<Output = Reply> + Send>>;
type Script = Arc<dyn Fn(&Seen) -> Answering + Send + Sync>;
type Disturbance = Arc<dyn Fn(&Seen, Reply) -> Reply + Send + Sync>;
type Sessions = Arc<dyn Fn(&Received) -> Option<String> + Send + Sync>;

/// The state of the mock vendor, which its connections and the adapter's callers share.
pub(crate) struct Shared {
    subject: Option<Arc<dyn Subject>>,
    under_way: Mutex<UnderWay>,
    sessions: Mutex<Option<Sessions>>,
    script: Mutex<Script>,
    disturbance: Mutex<Option<Disturbance>>,
    seen: Mutex<Vec<Seen>>,
    step_texts: Mutex<Vec<String>>,
    count: watch::Sender<usize>,
}

impl Shared {
    /// The call that is under way, to be changed.
    pub(crate) fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        lock(&self.under_way)
    }

    /// The part of a request, and the step where it is one.
    fn part(&self, received: &Received) -> (Option<Operation>, Part, Option<Step>) {
        let sessions = lock(&self.sessions).clone();
        let session = sessions.and_then(|sessions| sessions(received));
        let under_way = self.under_way();
        let (Some(subject), Some(call)) = (&self.subject, under_way.call(session.as_deref())) else {
            return (None, Part::Undeclared, None);
        };
        let operation = Some(call.operation);
        if let Some(step) = subject.step(&call, received) {
            let part = if step.is_shared { Part::Shared } else { Part::Step };
            return (operation, part, Some(step));
        }
        let own = subject.operation(received);
        // At some vendors the call of a refresh is that of a start, and at others that of a check.
        let refresh = if subject.refresh_is_a_read() { Operation::Check } else { Operation::Start };
        let is_read = subject.find_is_a_read() && own == Some(Operation::Check);
        let is_own = own == operation
            || (operation == Some(Operation::Refresh) && own == Some(refresh))
            || (operation == Some(Operation::Find) && is_read);
        (operation, if is_own { Part::Own } else { Part::Undeclared }, None)
    }
}

/// A mock vendor with scripted answers.
pub(crate) struct StandIn {
    base_url: String,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

impl StandIn {
    /// Listens on a port of its own.
    pub(crate) async fn listen() -> std::io::Result<Self> {
        Self::listen_with(None).await
    }

    /// The same, as the vendor of a subject: it signs every answer, and answers steps by itself. A script is about the operations' own
    /// requests.
    pub(crate) async fn listen_as(subject: &Arc<dyn Subject>) -> std::io::Result<Self> {
        Self::listen_with(Some(Arc::clone(subject))).await
    }

    async fn listen_with(subject: Option<Arc<dyn Subject>>) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let nothing: Script = Arc::new(|_| Box::pin(std::future::ready(Reply::bytes(404, "text/plain", ""))));
        let shared = Arc::new(Shared {
            subject,
            under_way: Mutex::default(),
            sessions: Mutex::default(),
            script: Mutex::new(nothing),
            disturbance: Mutex::default(),
            seen: Mutex::default(),
            step_texts: Mutex::default(),
            count: watch::Sender::new(0),
        });
        let listening = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { base_url, shared, listening })
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The state that the adapter's callers share with it.
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Answers every request from now on by the script, but for steps, and ends a disturbance.
    pub(crate) fn play<F>(&self, script: impl Fn(&Seen) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        *lock(&self.shared.script) = Arc::new(move |seen| Box::pin(script(seen)));
        *lock(&self.shared.disturbance) = None;
    }

    /// Gives every request from now on this answer, but for steps, and ends a disturbance.
    pub(crate) fn answer(&self, reply: Reply) {
        self.play(move |_| std::future::ready(reply.clone()));
    }

    /// Changes every answer from now on, those to steps too, until the next script.
    pub(crate) fn disturb(&self, disturbance: impl Fn(&Seen, Reply) -> Reply + Send + Sync + 'static) {
        *lock(&self.shared.disturbance) = Some(Arc::new(disturbance));
    }

    /// Knows the session of each request by itself from now on. Else it is that of the last call.
    pub(crate) fn know_sessions(
        &self,
        sessions: impl Fn(&Received) -> Option<String> + Send + Sync + 'static,
    ) {
        *lock(&self.shared.sessions) = Some(Arc::new(sessions));
    }

    /// Takes the requests that were received since the last call, with their parts.
    pub(crate) fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *lock(&self.shared.seen))
    }

    /// Takes the requests that were received since the last call, except those for many calls.
    pub(crate) fn take(&self) -> Vec<Received> {
        let seen = self.take_seen().into_iter().filter(|seen| seen.part != Part::Shared);
        seen.map(|seen| seen.request).collect()
    }

    /// The same, without any step.
    pub(crate) fn take_own(&self) -> Vec<Received> {
        let is_step = |part| matches!(part, Part::Step | Part::Shared);
        self.take_seen().into_iter().filter(|seen| !is_step(seen.part)).map(|seen| seen.request).collect()
    }

    /// Every text in the answers to steps of operations, such as a link.
    pub(crate) fn step_texts(&self) -> Vec<String> {
        lock(&self.shared.step_texts).clone()
    }

    /// Waits until so many requests in all have been received, without steps.
    pub(crate) async fn until_received(&self, count: usize) {
        let mut counted = self.shared.count.subscribe();
        // The sender lives as long as `self`.
        let _ = counted.wait_for(|received| *received >= count).await;
    }

    /// The number of requests received in all, without steps.
    pub(crate) fn count(&self) -> usize {
        *self.shared.count.borrow()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

/// Serves one request, and closes the connection: no answer can be taken for that of another request.
async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let Some(request) = read(&mut stream).await else { return };
    let reply = reply(&shared, request).await;
    if let Manner::After(pause) = reply.manner {
        tokio::time::sleep(pause).await;
    }
    match reply.wire() {
        Some(wire) => {
            let _ = stream.write_all(&wire).await;
            let _ = stream.shutdown().await;
        }
        // Held until the client gives up.
        None => {
            let _ = stream.read(&mut [0]).await;
        }
    }
}

/// Records a request, and gives the answer to it.
async fn reply(shared: &Shared, request: Received) -> Reply {
    let (operation, part, step) = shared.part(&request);
    let gives = step.as_ref().map(|step| step.gives.clone()).unwrap_or_default();
    let seen = Seen { request, operation, part, gives };
    lock(&shared.seen).push(seen.clone());
    let mut reply = match step {
        Some(step) => step.reply,
        None => {
            let answering = lock(&shared.script).clone()(&seen);
            shared.count.send_modify(|count| *count += 1);
            answering.await
        }
    };
    if let Some(disturbance) = lock(&shared.disturbance).clone() {
        reply = disturbance(&seen, reply);
    }
    if part == Part::Step {
        let answer = serde_json::from_slice(&reply.body).unwrap_or_default();
        lock(&shared.step_texts).extend(json::texts(&answer));
    }
    let signer = shared.subject.as_ref().and_then(|subject| subject.reply_signer());
    for (name, value) in signer.map(|sign| sign(&seen.request, &reply.body)).into_iter().flatten() {
        reply = reply.header(name, value);
    }
    reply
}
