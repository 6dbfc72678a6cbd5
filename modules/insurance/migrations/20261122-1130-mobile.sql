-- 医保移动支付: an order at the mobile platform (6201) and what became of it. The token is of this order alone and asks about nothing
-- else; voucher tokens and authorisations of the payer are not kept.
create table insurance.mobile_order (
  hospital_id  int         not null,
  order_no     text        not null check (length(order_no) between 1 and 30), -- ours
  person_id    uuid        not null,
  status       text        not null check (status in
    ('uploading', 'uploaded', 'paying', 'settled', 'ended', 'refunding', 'refunded')),
  batch_no     text        not null check (length(batch_no) between 1 and 30),
  total_fen    bigint      not null check (total_fen > 0),
  psn_no       text,
  insutype     text,
  region       text        check (region ~ '^\d{6}$'),
  pay_order_id text,
  pay_token    text,
  cash_fen     bigint,
  account_fen  bigint,
  fund_fen     bigint,
  refund_no    text,       -- of the giving back that is being made or was made
  refund_at    timestamptz,
  reason       text,       -- the platform's words of its last no
  version      int         not null check (version >= 1),
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint mobile_order_pkey primary key (hospital_id, order_no),
  constraint mobile_order_known check (status in ('uploading', 'ended') or (pay_order_id is not null and pay_token is not null)),
  constraint mobile_order_paid check (status not in ('settled', 'refunding', 'refunded')
    or total_fen = cash_fen + account_fen + fund_fen)
);
select platform.hospital_table('insurance.mobile_order', 'select, insert, update');
