-- Partners: applications of institutions that use the interface, how each proves itself and what each may do at
-- which hospital; the events they are told, by which endpoint, and what became of each delivery; and what they asked.
create schema partners;
grant usage on schema partners to yiqiao_app;

-- An application of a bank, a vendor, an insurer or an app. A small directory, read before a hospital is known.
create table partners.application (
  application_id    uuid        not null,
  client_id         text        not null,
  name              text        not null check (length(name) between 1 and 100),
  kind              text        not null check (kind in ('bank', 'his_vendor', 'insurer', 'app')),
  home_hospital     int         not null, -- whose IT registered it, and alone may change its secrets and keys
  allowed_addresses text[]      not null, -- from where it may call, as addresses and ranges; none for anywhere
  status            text        not null check (status in ('active', 'disabled')),
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  constraint application_pkey primary key (application_id),
  constraint application_client_id unique (client_id)
);
select platform.replicate('partners.application');
grant select, insert, update on partners.application to yiqiao_app;

-- What one hospital lets an application do with its own data. A part of the directory: read by application.
create table partners.hospital_access (
  application_id uuid        not null,
  hospital_id    int         not null,
  scopes         text[]      not null,
  status         text        not null check (status in ('active', 'withdrawn')),
  updated_at     timestamptz not null,
  constraint hospital_access_pkey primary key (application_id, hospital_id),
  constraint hospital_access_application foreign key (application_id)
    references partners.application (application_id)
);
create index hospital_access_by_hospital on partners.hospital_access (hospital_id);
select platform.replicate('partners.hospital_access');
grant select, insert, update on partners.hospital_access to yiqiao_app;

-- A secret of an application: 256 random bits, of which only the SHA-256 is here.
create table partners.application_secret (
  secret_id      uuid        not null,
  application_id uuid        not null,
  secret_hash    text        not null,
  created_at     timestamptz not null,
  expires_at     timestamptz not null,
  revoked_at     timestamptz,
  constraint application_secret_pkey primary key (secret_id),
  constraint application_secret_application foreign key (application_id)
    references partners.application (application_id)
);
create index application_secret_of on partners.application_secret (application_id);
select platform.replicate('partners.application_secret');
grant select, insert, update on partners.application_secret to yiqiao_app;

-- A public key by which an application's signed requests are checked.
create table partners.application_key (
  key_id         uuid        not null,
  application_id uuid        not null,
  algorithm      text        not null check (algorithm in ('rsa-sha256', 'sm2-sm3')),
  public_key     text        not null, -- RSA: PEM; SM2: 04 and both coordinates in hex
  valid_from     timestamptz not null,
  valid_until    timestamptz not null,
  revoked_at     timestamptz,
  created_at     timestamptz not null,
  constraint application_key_pkey primary key (key_id),
  constraint application_key_ends_later check (valid_until > valid_from),
  constraint application_key_application foreign key (application_id)
    references partners.application (application_id)
);
create index application_key_of on partners.application_key (application_id);
select platform.replicate('partners.application_key');
grant select, insert, update on partners.application_key to yiqiao_app;

-- An access token of OAuth 2: the token is theirs, its SHA-256 is ours.
create table partners.access_token (
  token_hash     text        not null,
  application_id uuid        not null,
  secret_id      uuid        not null, -- the secret that it was issued for: it dies with it
  scopes         text[]      not null,
  issued_at      timestamptz not null,
  expires_at     timestamptz not null,
  revoked_at     timestamptz,
  constraint access_token_pkey primary key (token_hash)
);
create index access_token_by_secret on partners.access_token (secret_id);
create index access_token_by_expiry on partners.access_token (expires_at);
select platform.replicate('partners.access_token');
grant select, insert, update, delete on partners.access_token to yiqiao_app;

-- Nonces of signed requests: the same request again is a replay, at whichever process it arrives.
create table partners.request_nonce (
  application_id uuid        not null,
  nonce          text        not null,
  used_at        timestamptz not null,
  constraint request_nonce_pkey primary key (application_id, nonce)
);
create index request_nonce_by_time on partners.request_nonce (used_at);
select platform.distribute('partners.request_nonce', 'application_id');
grant select, insert, update, delete on partners.request_nonce to yiqiao_app;

-- Tries to get a token that failed, by digests of client and address.
create table partners.failed_attempt (
  subject       text        not null,
  failures      int         not null check (failures >= 0),
  last_at       timestamptz not null,
  blocked_until timestamptz,
  constraint failed_attempt_pkey primary key (subject)
);
create index failed_attempt_by_time on partners.failed_attempt (last_at);
select platform.replicate('partners.failed_attempt');
grant select, insert, update, delete on partners.failed_attempt to yiqiao_app;

-- What an application asked of us, for its makers to see: never a body, never a query. An application's row.
create table partners.request_log (
  application_id uuid        not null,
  id             uuid        not null,
  hospital_id    int,        -- the hospital in the path, where there is one
  method         text        not null,
  path           text        not null,
  status         int         not null,
  error_code     text,
  request_id     text        not null,
  address        text        not null, -- from where it was asked
  proof          text        not null check (proof in ('token', 'signature', 'secret')), -- how the application proved itself
  duration_ms    int         not null check (duration_ms >= 0),
  at             timestamptz not null,
  constraint request_log_pkey primary key (application_id, id)
);
create index request_log_by_time on partners.request_log (at);
create index request_log_by_request on partners.request_log (application_id, request_id);
select platform.distribute('partners.request_log', 'application_id');
grant select, insert, delete on partners.request_log to yiqiao_app;

-- The number of the hospital's newest event. Whoever adds one holds this row, so that numbers become visible in order.
create table partners.event_counter (
  hospital_id   int    not null,
  last_sequence bigint not null check (last_sequence >= 0),
  constraint event_counter_pkey primary key (hospital_id)
);
select platform.hospital_table('partners.event_counter', 'select, insert, update');

-- A fact that applications of the hospital may hear of: numbers, statuses and amounts, nothing of a person.
create table partners.event (
  hospital_id int         not null,
  id          uuid        not null,
  sequence    bigint      not null check (sequence >= 1),
  type        text        not null check (length(type) between 1 and 60),
  dedupe_key  text        not null check (length(dedupe_key) between 1 and 200),
  data        jsonb       not null,
  occurred_at timestamptz not null,
  constraint event_pkey primary key (hospital_id, id),
  constraint event_once unique (hospital_id, dedupe_key),
  constraint event_sequence unique (hospital_id, sequence)
);
create index event_by_time on partners.event (hospital_id, occurred_at);
select platform.hospital_table('partners.event', 'select, insert, delete');

-- Where an application wants to be told of a hospital's events.
create table partners.endpoint (
  hospital_id            int         not null,
  id                     uuid        not null,
  application_id         uuid        not null,
  url                    text        not null check (length(url) between 1 and 500),
  event_types            text[]      not null,
  extra_signature        text        check (extra_signature in ('ed25519', 'sm2')), -- beside the one by the shared secret
  secret_sealed          text        not null,
  earlier_secret_sealed  text,       -- signs too, until the receiver has the new one
  earlier_secret_until   timestamptz,
  status                 text        not null check (status in ('active', 'disabled', 'removed')),
  disabled_reason        text        check (disabled_reason in ('by_owner', 'gone', 'failing')),
  failing_since          timestamptz, -- the first failure that no success has followed
  created_at             timestamptz not null,
  updated_at             timestamptz not null,
  constraint endpoint_pkey primary key (hospital_id, id),
  constraint endpoint_disabled_says_why check ((status = 'disabled') = (disabled_reason is not null)),
  constraint endpoint_earlier_secret_ends check ((earlier_secret_sealed is null) = (earlier_secret_until is null))
);
create index endpoint_by_application on partners.endpoint (hospital_id, application_id);
select platform.hospital_table('partners.endpoint', 'select, insert, update');

-- One event on its way to one endpoint.
create table partners.delivery (
  hospital_id int         not null,
  id          uuid        not null,
  endpoint_id uuid        not null,
  event_id    uuid        not null,
  event_type  text        not null,
  status      text        not null check (status in ('pending', 'delivered', 'held', 'given_up')),
  round       int         not null check (round >= 1),    -- one more each time somebody asks for it again
  attempts    int         not null check (attempts >= 0), -- of this round
  due_at      timestamptz,
  last_outcome text,
  last_status int,
  last_error  text        check (length(last_error) <= 500),
  created_at  timestamptz not null,
  ended_at    timestamptz,
  constraint delivery_pkey primary key (hospital_id, id),
  constraint delivery_once unique (hospital_id, endpoint_id, event_id),
  constraint delivery_endpoint foreign key (hospital_id, endpoint_id)
    references partners.endpoint (hospital_id, id),
  constraint delivery_event foreign key (hospital_id, event_id)
    references partners.event (hospital_id, id) on delete cascade,
  constraint delivery_due_while_pending check ((status = 'pending') = (due_at is not null))
);
create index delivery_due on partners.delivery (hospital_id, due_at) where due_at is not null;
create index delivery_by_event on partners.delivery (hospital_id, event_id);
select platform.hospital_table('partners.delivery', 'select, insert, update');

-- One try of a delivery, and what the receiver said. Added and never changed; forgotten with its event.
create table partners.delivery_attempt (
  hospital_id     int         not null,
  id              uuid        not null,
  delivery_id     uuid        not null,
  round           int         not null,
  attempt_no      int         not null,
  at              timestamptz not null,
  duration_ms     int         not null check (duration_ms >= 0),
  outcome         text        not null,
  response_status int,
  response_body   text        check (length(response_body) <= 2048),
  error           text        check (length(error) <= 500),
  constraint delivery_attempt_pkey primary key (hospital_id, id),
  constraint delivery_attempt_delivery foreign key (hospital_id, delivery_id)
    references partners.delivery (hospital_id, id) on delete cascade
);
create index delivery_attempt_of on partners.delivery_attempt (hospital_id, delivery_id);
select platform.hospital_table('partners.delivery_attempt', 'select, insert');

-- What a person should know of: an endpoint that was switched off. Added and never changed.
create table partners.alert (
  hospital_id    int         not null,
  id             uuid        not null,
  application_id uuid        not null,
  endpoint_id    uuid        not null,
  kind           text        not null check (kind in ('endpoint_gone', 'endpoint_failing')),
  at             timestamptz not null,
  detail         text        not null check (length(detail) <= 500),
  constraint alert_pkey primary key (hospital_id, id)
);
create index alert_by_application on partners.alert (hospital_id, application_id, id);
select platform.hospital_table('partners.alert', 'select, insert');
