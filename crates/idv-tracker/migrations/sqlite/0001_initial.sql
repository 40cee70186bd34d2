-- Times are milliseconds since 1970. JSON is text.
create table verification (
    id              integer primary key autoincrement,
    reference       text    not null,
    purpose         text    not null,
    -- 1 while it is open and other starts of its reference and purpose share it.
    exclusive       integer not null,
    phase           text    not null,
    provider        text,
    session         text,
    idempotency_key text,
    -- Until when the process that starts it is left alone, and how often it was taken over.
    start_until     integer,
    takeovers       integer not null default 0,
    -- 1 where the vendor makes no second session when the start is repeated.
    repeatable      integer not null default 0,
    joined_to       integer references verification (id),
    state           text,
    status          text,
    version         integer not null default 0,
    created_at      integer not null,
    due_at          integer,
    -- 1 from the claim of a poll until it is settled; due_at is then the end of the lease.
    leased          integer not null default 0,
    -- Grows with each claim: a worker that lost its lease cannot settle.
    fence           integer not null default 0,
    -- 1 when an event came while it was leased: it is due again at once.
    woken           integer not null default 0,
    -- The observation of the last poll and the digest of its facts: a poll that repeats them needs no look at the history. It is noted
    -- here until when that answer was repeated, until another answer comes.
    poll_observation integer,
    poll_digest     text,
    poll_seen_at    integer,
    fresh_since     integer not null,
    interval_ms     integer not null default 0,
    errors          integer not null default 0,
    waiting_for     text,
    valid_until     integer
);
create unique index verification_open on verification (reference, purpose) where exclusive = 1;
create unique index verification_session on verification (session) where session is not null;
create index verification_due on verification (provider, due_at) where due_at is not null;
create index verification_reference on verification (reference);
create index verification_ended on verification (created_at) where exclusive = 0 and due_at is null and phase <> 'erased';
create index verification_valid on verification (valid_until) where valid_until is not null;
create index verification_starting on verification (start_until) where start_until is not null;
create index verification_joined on verification (joined_to) where joined_to is not null;

create table observation (
    id              integer primary key autoincrement,
    verification_id integer references verification (id),
    provider        text    not null,
    source          text    not null,
    event_id        text,
    observed_at     integer not null,
    -- Until when a poll kept saying the same.
    seen_until      integer not null,
    facts           text    not null
);
create unique index observation_event on observation (provider, event_id) where event_id is not null;
create index observation_parked on observation (observed_at) where verification_id is null;
create index observation_verification on observation (verification_id) where verification_id is not null;

-- The vendor's ids of a verification: what an event is joined by.
create table correlation (
    provider        text    not null,
    name            text    not null,
    value           text    not null,
    verification_id integer not null references verification (id),
    primary key (provider, name, value, verification_id)
) without rowid;
create index correlation_verification on correlation (verification_id);

-- The ids of events whose verification is not known yet.
create table parked (
    observation_id  integer not null references observation (id),
    provider        text    not null,
    name            text    not null,
    value           text    not null,
    primary key (provider, name, value, observation_id)
) without rowid;
create index parked_observation on parked (observation_id);

create table transition (
    id              integer primary key autoincrement,
    -- Given once the transaction is visible to all, so that a reader that goes by it misses nothing.
    position        integer,
    verification_id integer not null references verification (id),
    version         integer not null,
    at              integer not null,
    facts           text    not null
);
create unique index transition_version on transition (verification_id, version);
create unique index transition_position on transition (position) where position is not null;
create index transition_unnumbered on transition (id) where position is null;

create table consumer (
    name            text    primary key,
    position        integer not null
) without rowid;

-- Transitions on their way to a URL of the application. Neither the URL nor its secrets are stored.
create table delivery (
    target          text    not null,
    position        integer not null,
    verification_id integer not null,
    -- When it is sent next; while it is being sent, the end of the lease.
    due_at          integer not null,
    attempts        integer not null default 0,
    -- Grows with each claim: a worker that lost its lease cannot settle.
    fence           integer not null default 0,
    -- pending, done or dead.
    outcome         text    not null default 'pending',
    last_error      text,
    primary key (target, position)
) without rowid;
create index delivery_due on delivery (target, due_at, position) where outcome = 'pending';
create index delivery_order on delivery (target, verification_id, position) where outcome = 'pending';
create index delivery_dead on delivery (position) where outcome = 'dead';
create index delivery_verification on delivery (verification_id);

-- The vendors' limits on calls, shared by all workers.
create table quota (
    provider        text    primary key,
    -- Calls that are left, in thousandths, at a moment.
    tokens          integer not null,
    at              integer not null,
    -- Nothing is asked before this, because the vendor said so.
    paused_until    integer not null default 0
) without rowid;

-- What was erased, so that counts stay right.
create table counter (
    name            text    primary key,
    value           integer not null
) without rowid;
insert into counter (name, value) values ('position', 0);
-- Tells this store from all others in the ids of messages.
insert into counter (name, value) values ('store', abs(random() / 2048));
