-- Channels: the six-digit numbers by which a bank knows what we asked at a terminal, which of our numbers each stands
-- for and what became of it; and the working keys of the terminals. No card number, track or PIN is ever here.
create schema if not exists channels;
grant usage on schema channels to yiqiao_app;

create table channels.terminal (
  hospital_id  int  not null,
  provider     text not null,
  terminal     text not null check (length(terminal) between 1 and 16),
  last_trace   int  not null check (last_trace between 0 and 999999),
  batch        text not null check (batch ~ '^[0-9]{6}$'),
  working_keys text, -- as the bank sent them, enciphered under the master key of the terminal
  keys_version int  not null check (keys_version >= 0),
  constraint terminal_pkey primary key (hospital_id, provider, terminal)
);
select platform.hospital_table('channels.terminal', 'select, insert, update');

create table channels.trace_number (
  hospital_id    int         not null,
  provider       text        not null,
  our_no         text        not null check (length(our_no) between 1 and 64),
  kind           text        not null check (kind in ('charge', 'return', 'question')),
  terminal       text        not null,
  trace          int         not null check (trace between 1 and 999999),
  batch          text        not null check (batch ~ '^[0-9]{6}$'),
  operation      text        not null, -- how it is done at the bank: 'sale', 'void', 'refund'
  amount_fen     bigint      not null check (amount_fen >= 0),
  taken_at       timestamptz not null,
  business_date  date        not null,
  state          text        not null check (state in
    ('open', 'approved', 'declined', 'not_sent', 'reversing', 'reversed')),
  provider_no    text,
  authorisation  text,
  approved_fen   bigint      check (approved_fen > 0),
  approved_at    timestamptz,
  code           text,
  reason         text,
  reversal_tries int         not null check (reversal_tries >= 0),
  constraint trace_number_pkey primary key (hospital_id, provider, our_no, kind),
  constraint trace_number_once_a_day unique (hospital_id, provider, terminal, business_date, trace),
  constraint trace_number_approved_is_named check (state <> 'approved' or
    (provider_no is not null and approved_fen is not null and approved_at is not null))
);
create index trace_number_by_batch on channels.trace_number (hospital_id, provider, terminal, batch);
create index trace_number_by_date on channels.trace_number (hospital_id, provider, business_date);
select platform.hospital_table('channels.trace_number', 'select, insert, update');
