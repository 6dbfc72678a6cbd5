// What came after the tables of schema.ts: visits by appointment, newcomers and stays. A file without them is given them.
export const VISITS_SCHEMA = `
create table if not exists patient_file (
  person_no integer primary key,
  patient_no text not null unique,
  name text not null,
  id_card_no text not null unique,
  gender text not null check (gender in ('male', 'female')),
  birth_date text not null,
  phone text not null,
  created_at text not null
) strict;

create table if not exists clinic_stop (
  clinic_no text primary key,
  reason text not null,
  stopped_at text not null
) strict;

create table if not exists slot_lock (
  lock_no text primary key,
  lock_key text not null unique,
  clinic_no text not null,
  number integer not null check (number >= 1),
  expires_at text not null,
  status text not null check (status in ('held', 'released', 'expired', 'used'))
) strict;
create unique index if not exists slot_held on slot_lock (clinic_no, number) where status = 'held';

create table if not exists registration (
  registration_no text primary key,
  order_no text not null unique,
  clinic_no text not null,
  number integer not null check (number >= 1),
  patient_no text not null,
  visit_no text not null references visit,
  bill_no text references bill,
  fee_fen integer not null check (fee_fen >= 0),
  status text not null check (status in ('active', 'cancelled', 'lapsed', 'seen', 'missed')),
  pay_before text not null,
  ends_at text not null,
  created_at text not null,
  checked_in_at text,
  queue_no integer
) strict;
create unique index if not exists slot_taken on registration (clinic_no, number)
  where status in ('active', 'seen', 'missed');
create index if not exists registration_active on registration (status) where status = 'active';
create index if not exists registration_of_bill on registration (bill_no);
create index if not exists registration_of_patient on registration (patient_no, created_at);

create index if not exists receipt_of_payment on receipt (payment_no);

create table if not exists stay (
  stay_no text primary key,
  patient_no text not null,
  department_code text not null,
  doctor_code text not null,
  bed text not null,
  diagnosis_code text not null,
  diagnosis_name text not null,
  admitted_at text not null,
  status text not null check (status in ('in_hospital', 'leaving', 'discharged')),
  left_at text
) strict;
create index if not exists stay_of_patient on stay (patient_no, admitted_at);

create table if not exists stay_receipt (
  receipt_no text primary key,
  stay_no text not null references stay,
  kind text not null check (kind in ('deposit', 'deposit_refund', 'settlement')),
  payment_no text not null,
  refund_no text,
  amount_fen integer not null check (amount_fen >= 0),
  pooled_fen integer not null,
  account_fen integer not null,
  deposit_used_fen integer not null,
  trade_no text,
  at text not null,
  business_date text not null
) strict;
create index if not exists stay_receipt_of_stay on stay_receipt (stay_no);
create index if not exists stay_receipt_of_day on stay_receipt (business_date, at, receipt_no);
create unique index if not exists stay_settled_once on stay_receipt (stay_no) where kind = 'settlement';
`
