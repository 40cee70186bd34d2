-- Times are milliseconds since 1970. JSON is text.
create table verification (
    id              bigint primary key generated always as identity,
    reference       text    not null,
    purpose         text    not null,
    -- 1 while it is open and other starts of its reference and purpose share it.
    exclusive       bigint not null,
    phase           text    not null,
    provider        text,
    session         text,
    idempotency_key text,
    -- Until when the process that starts it is left alone, and how often it was taken over.
    start_until     bigint,
    takeovers       bigint not null default 0,
    -- 1 where the vendor makes no second session when the start is repeated.
    repeatable      bigint not null default 0,
    joined_to       bigint references verification (id),
    state           text,
    status          text,
    version         bigint not null default 0,
    created_at      bigint not null,
    due_at          bigint,
    -- 1 from the claim of a poll until it is settled; due_at is then the end of the lease.
    leased          bigint not null default 0,
    -- Grows with each claim: a worker that lost its lease cannot settle.
    fence           bigint not null default 0,
    -- 1 when an event came while it was leased: it is due again at once.
    woken           bigint not null default 0,
    -- The observation of the last poll and the digest of its facts: a poll that repeats them needs no look at the history. It is noted
    -- here until when that answer was repeated, until another answer comes.
    poll_observation bigint,
    poll_digest     text,
    poll_seen_at    bigint,
    fresh_since     bigint not null,
    interval_ms     bigint not null default 0,
    errors          bigint not null default 0,
    waiting_for     text,
    valid_until     bigint
);
-- Each poll writes its row twice: the index of what is due is slow once it holds many dead entries.
alter table verification set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
create unique index verification_open on verification (reference, purpose) where exclusive = 1;
create unique index verification_session on verification (session) where session is not null;
create index verification_due on verification (provider, due_at) where due_at is not null;
create index verification_reference on verification (reference);
create index verification_ended on verification (created_at) where exclusive = 0 and due_at is null and phase <> 'erased';
create index verification_valid on verification (valid_until) where valid_until is not null;
create index verification_starting on verification (start_until) where start_until is not null;
create index verification_joined on verification (joined_to) where joined_to is not null;

create table observation (
    id              bigint primary key generated always as identity,
    verification_id bigint references verification (id),
    provider        text    not null,
    source          text    not null,
    event_id        text,
    observed_at     bigint not null,
    -- Until when a poll kept saying the same.
    seen_until      bigint not null,
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
    verification_id bigint not null references verification (id),
    primary key (provider, name, value, verification_id)
);
create index correlation_verification on correlation (verification_id);

-- The ids of events whose verification is not known yet.
create table parked (
    observation_id  bigint not null references observation (id),
    provider        text    not null,
    name            text    not null,
    value           text    not null,
    primary key (provider, name, value, observation_id)
);
create index parked_observation on parked (observation_id);

create table transition (
    id              bigint primary key generated always as identity,
    -- Given once the transaction is visible to all, so that a reader that goes by it misses nothing.
    position        bigint,
    verification_id bigint not null references verification (id),
    version         bigint not null,
    at              bigint not null,
    facts           text    not null
);
create unique index transition_version on transition (verification_id, version);
create unique index transition_position on transition (position) where position is not null;
create index transition_unnumbered on transition (id) where position is null;

create table consumer (
    name            text    primary key,
    position        bigint not null
);

-- Transitions on their way to a URL of the application. Neither the URL nor its secrets are stored.
create table delivery (
    target          text    not null,
    position        bigint not null,
    verification_id bigint not null,
    -- When it is sent next; while it is being sent, the end of the lease.
    due_at          bigint not null,
    attempts        bigint not null default 0,
    -- Grows with each claim: a worker that lost its lease cannot settle.
    fence           bigint not null default 0,
    -- pending, done or dead.
    outcome         text    not null default 'pending',
    last_error      text,
    primary key (target, position)
);
create index delivery_due on delivery (target, due_at, position) where outcome = 'pending';
create index delivery_order on delivery (target, verification_id, position) where outcome = 'pending';
create index delivery_dead on delivery (position) where outcome = 'dead';
create index delivery_verification on delivery (verification_id);

-- The vendors' limits on calls, shared by all workers.
create table quota (
    provider        text    primary key,
    -- Calls that are left, in thousandths, at a moment.
    tokens          bigint not null,
    at              bigint not null,
    -- Nothing is asked before this, because the vendor said so.
    paused_until    bigint not null default 0
);

-- What was erased, so that counts stay right.
create table counter (
    name            text    primary key,
    value           bigint not null
);
insert into counter (name, value) values ('position', 0);
-- Tells this store from all others in the ids of messages.
insert into counter (name, value) values ('store', (random() * 4503599627370495)::bigint);
