-- A step that no version has: it shows how a later one finds the rows of the versions before.
alter table verification add column note text not null default '';
update verification set note = 'was ' || phase;
create index verification_note on verification (note);

-- A table that is made anew, as SQLite needs it for most changes of a column.
create table consumer_new (
    name            text    primary key,
    position        bigint  not null,
    read_at         bigint  not null
);
insert into consumer_new (name, position, read_at) select name, position, 0 from consumer;
drop table consumer;
alter table consumer_new rename to consumer;
