//! The application's endpoint, to which the processes send transitions: it keeps what comes, and fails now and then.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use idv_tracker::{Transition, VerificationId};
use standardwebhooks::Webhook;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use super::totals::Totals;
use crate::http::{Request, receive};
use crate::random::Random;

/// The secret with which the processes sign.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// One in so many messages gets no answer, although it was taken; as many get a 503.
const FAULTS: usize = 16;

/// The endpoint.
pub(super) struct Receiver {
    pub(super) url: String,
    taken: Arc<Taken>,
}

struct Taken {
    messages: Mutex<Vec<Message>>,
    random: Random,
    is_faulty: AtomicBool,
}

/// A message that came.
struct Message {
    id: String,
    transition: Transition,
    answer: Answer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accepted,
    Lost,
    Refused,
}

impl Receiver {
    pub(super) async fn start(seed: u64) -> Self {
        let is_faulty = AtomicBool::new(true);
        let taken = Arc::new(Taken { messages: Mutex::default(), random: Random::new(seed), is_faulty });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/transitions", listener.local_addr().unwrap());
        let taking = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&taking)));
            }
        });
        Self { url, taken }
    }

    /// Accepts all that comes from now on.
    pub(super) fn behave(&self) {
        self.taken.is_faulty.store(false, Ordering::SeqCst);
    }

    /// How many messages were accepted.
    pub(super) fn accepted(&self) -> usize {
        let messages = self.taken.messages.lock().unwrap();
        messages.iter().filter(|message| message.answer == Answer::Accepted).count()
    }

    /// Every stored transition was accepted, in the order of its verification: none came before the one before it was accepted, and
    /// none after a later one.
    pub(super) fn check(&self, stored: &BTreeMap<VerificationId, Vec<Transition>>, totals: &Totals) {
        let messages = self.taken.messages.lock().unwrap();
        let (mut ids, mut taken) = (HashMap::new(), BTreeMap::<_, Vec<(Transition, Answer)>>::new());
        for message in messages.iter() {
            let position = message.transition.position;
            assert_eq!(ids.entry(position).or_insert(&message.id), &&message.id, "one id at {position}");
            let told = &message.transition;
            let known = taken.entry(told.verification).or_default();
            match known.last_mut() {
                Some((last, answer)) if last.version == told.version => {
                    assert_eq!(last, told, "the same message in every attempt");
                    totals.redelivered.add(1);
                    // One that was accepted may come again: the process died before it could store that.
                    *answer = if *answer == Answer::Accepted { *answer } else { message.answer };
                }
                Some((last, Answer::Accepted)) if last.version + 1 == told.version => {
                    known.push((told.clone(), message.answer));
                }
                None if told.version == 1 => known.push((told.clone(), message.answer)),
                last => panic!("{told:?} came after {last:?}"),
            }
        }
        let is_accepted = |(_, answer): &(Transition, Answer)| *answer == Answer::Accepted;
        assert!(taken.values().flatten().all(is_accepted), "none is given up");
        let taken: BTreeMap<_, Vec<_>> = taken
            .into_iter()
            .map(|(id, told)| (id, told.into_iter().map(|(told, _)| told).collect()))
            .collect();
        assert_eq!(taken, *stored, "none is lost");
        let count = |wanted| messages.iter().filter(|message| message.answer == wanted).count();
        totals.delivered.add(stored.values().map(Vec::len).sum());
        totals.undelivered.add(count(Answer::Lost) + count(Answer::Refused));
    }
}

/// Takes the message of a connection.
async fn serve(mut stream: TcpStream, taken: Arc<Taken>) {
    // A process that dies while it sends leaves half a message, which counts as none.
    let Ok(Some(request)) = receive(&mut stream).await else { return };
    let answer = taken.take(request);
    let status = match answer {
        Answer::Accepted => "204 No Content",
        Answer::Refused => "503 Service Unavailable",
        Answer::Lost => return,
    };
    let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    let _ = stream.write_all(answer.as_bytes()).await;
}

impl Taken {
    fn take(&self, request: Request) -> Answer {
        let header = |name| request.headers[name].to_str().unwrap();
        let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp").parse().unwrap());
        // Whatever the time is: that of the processes is ahead of the machine's.
        let signature = Webhook::new(SECRET).unwrap().sign(id, timestamp, &request.body).unwrap();
        assert_eq!(header("webhook-signature"), signature, "every message is signed");
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let transition = serde_json::from_value(body["data"].clone()).unwrap();
        let answer = match self.is_faulty.load(Ordering::SeqCst).then(|| self.random.below(FAULTS)) {
            Some(0) => Answer::Lost,
            Some(1) => Answer::Refused,
            _ => Answer::Accepted,
        };
        self.messages.lock().unwrap().push(Message { id: id.to_owned(), transition, answer });
        answer
    }
}
