-- Payments: 免密支付, agreements by which a payer lets small amounts be charged without acting in the wallet each time.
create table payments.agreement (
  hospital_id           int         not null,
  id                    uuid        not null, -- its number at the provider is made of this
  person_id             uuid        not null,
  channel               text        not null,
  status                text        not null check (status in ('signing', 'active', 'unknown', 'revoked')),
  limit_per_payment_fen bigint      not null check (limit_per_payment_fen > 0),
  limit_per_day_fen     bigint      not null,
  agreement_no          text,        -- the provider's, once the payer has signed
  end_reason            text        check (end_reason in ('by_payer', 'by_provider', 'not_signed')),
  signed_at             timestamptz,
  valid_until           timestamptz, -- null where it holds until somebody ends it
  revoke_requested_at   timestamptz, -- from then on nothing is charged, whatever the provider has answered
  revoked_at            timestamptz,
  expires_at            timestamptz not null, -- of the signing
  version               int         not null check (version >= 0),
  call_no               int         not null check (call_no >= 0),
  in_call_until         timestamptz,
  attempts              int         not null check (attempts >= 0),
  due_at                timestamptz,
  created_at            timestamptz not null,
  updated_at            timestamptz not null,
  constraint agreement_pkey primary key (hospital_id, id),
  constraint agreement_limits check (limit_per_payment_fen <= limit_per_day_fen),
  constraint agreement_active_is_named check (status <> 'active' or (agreement_no is not null and revoke_requested_at is null)),
  constraint agreement_revoked_says_why check ((status = 'revoked') = (end_reason is not null))
);
create unique index agreement_one_of_a_person on payments.agreement (hospital_id, person_id, channel)
  where status <> 'revoked' and revoke_requested_at is null;
create index agreement_by_person on payments.agreement (hospital_id, person_id, id);
create index agreement_due on payments.agreement (hospital_id, due_at, id) where due_at is not null;
select platform.hospital_table('payments.agreement', 'select, insert, update');

-- A payment that was confirmed under an agreement, and how it goes on if the agreement does not carry it. How much was
-- used on a day follows from the tenders themselves.
create table payments.agreement_use (
  hospital_id      int  not null,
  payment_id       uuid not null,
  tender_no        int  not null,
  agreement_id     uuid not null,
  used_on          date not null,
  ordinary_method  text, -- null where the channel has no other way to pay without a person
  ordinary_account text,
  constraint agreement_use_pkey primary key (hospital_id, payment_id),
  constraint agreement_use_agreement foreign key (hospital_id, agreement_id) references payments.agreement (hospital_id, id),
  constraint agreement_use_tender foreign key (hospital_id, payment_id, tender_no)
    references payments.tender (hospital_id, payment_id, tender_no)
);
create index agreement_use_by_day on payments.agreement_use (hospital_id, agreement_id, used_on);
select platform.hospital_table('payments.agreement_use', 'select, insert');

alter table payments.tender drop constraint tender_method_check;
alter table payments.tender add constraint tender_method_check
  check (method in ('account', 'qr_code', 'page', 'app', 'barcode', 'card', 'counter', 'agreement'));
