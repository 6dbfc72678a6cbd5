/** Version of the tables, kept in the file's user_version. A file of another version is refused. */
export const SCHEMA_VERSION = 1

// Instants are text in UTC with milliseconds, so that they sort; days are Shanghai's. A line is
// locked by the refund that was approved for it. A receipt that was taken back stays, with the
// moment of that: numbers have no gaps.
export const SCHEMA = `
create table if not exists counter (
  name text primary key,
  value integer not null
) strict;

create table if not exists visit (
  visit_no text primary key,
  patient_no text not null,
  opened_at text not null
) strict;

create table if not exists bill (
  bill_no text primary key,
  version integer not null,
  kind text not null check (kind in ('registration', 'outpatient')),
  visit_no text not null references visit,
  patient_no text not null,
  department_code text not null,
  department_name text not null,
  doctor_code text not null,
  doctor_name text not null,
  diagnosis_code text not null,
  diagnosis_name text not null,
  created_at text not null,
  total_fen integer not null check (total_fen >= 1),
  status text not null check (status in ('open', 'paid', 'void', 'part_refunded', 'refunded')),
  payment_no text,
  receipt_no text
) strict;
create index if not exists visit_of_patient on visit (patient_no);
create index if not exists bill_of_patient on bill (patient_no, status, created_at, bill_no);
create index if not exists bill_of_visit on bill (visit_no);

create table if not exists item (
  bill_no text not null references bill,
  line_no integer not null check (line_no >= 1),
  code text not null,
  national_code text not null,
  name text not null,
  spec text not null,
  unit text not null,
  charge_category text not null,
  insurance_class text not null check (insurance_class in ('A', 'B', 'C')),
  unit_price_fen integer not null,
  quantity integer not null check (quantity >= 1),
  amount_fen integer not null,
  status text not null check (status in ('charged', 'dispensed', 'refunded')),
  locked_by text,
  primary key (bill_no, line_no)
) strict;

create table if not exists receipt (
  receipt_no text primary key,
  kind text not null check (kind in ('payment', 'refund')),
  payment_no text not null,
  refund_no text,
  bill_no text not null references bill,
  amount_fen integer not null,
  at text not null,
  business_date text not null,
  insurance_settlement_no text,
  taken_back_at text
) strict;
create index if not exists receipt_of_day on receipt (business_date, at, receipt_no);
create index if not exists receipt_of_bill on receipt (bill_no);

create index if not exists receipt_of_refund on receipt (refund_no) where refund_no is not null;

create table if not exists receipt_tender (
  receipt_no text not null references receipt,
  position integer not null,
  kind text not null check (kind in
    ('pooled', 'account', 'commercial', 'subsidy', 'voucher', 'package', 'deposit', 'credit', 'self_pay')),
  amount_fen integer not null check (amount_fen >= 0),
  trade_no text,
  primary key (receipt_no, position)
) strict;

create table if not exists refund (
  refund_no text primary key,
  payment_no text not null,
  bill_no text not null references bill,
  amount_fen integer not null,
  status text not null check (status in ('approved', 'completed', 'cancelled')),
  approval_no text not null,
  receipt_no text references receipt
) strict;

create index if not exists refund_of_bill on refund (bill_no);

create table if not exists refund_line (
  refund_no text not null references refund,
  line_no integer not null,
  primary key (refund_no, line_no)
) strict;

create table if not exists refund_request (
  request_no text primary key,
  payment_no text not null,
  bill_no text not null references bill,
  lines text not null,
  reason text not null,
  status text not null check (status in ('queued', 'acknowledged', 'refused', 'lost')),
  attempts integer not null,
  due_at text,
  outcome text
) strict;
create index if not exists refund_request_of_bill on refund_request (bill_no);
create index if not exists refund_request_due on refund_request (due_at) where due_at is not null;

create table if not exists answered (
  operation text not null,
  business_key text not null,
  body_hash text not null,
  answer text not null,
  primary key (operation, business_key)
) strict;

create table if not exists nonce (
  key_id text not null,
  nonce text not null,
  timestamp integer not null,
  primary key (key_id, nonce)
) strict;
create index if not exists nonce_by_age on nonce (timestamp);
`
