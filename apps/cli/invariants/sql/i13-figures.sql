-- I13 Figures 数字可溯
-- Violation: a day on which the movements listed for a provider are not what the journal shows for it, besides what its
-- lists were settled with and what two persons adjusted; a day whose income is not the payments that succeeded with
-- money of that day; a movement on another day than its time says; a party's list whose totals are not its lines.
-- Figure: {days} days: {charged_fen} charged, {returned_fen} returned, {income_fen} income; {statements} lists
with listed as (
  select business_date, 'receivable/' || provider || '/' || part as account,
    sum(case kind when 'charge' then amount_fen else 0 - amount_fen end) as fen
  from payments.move where hospital_id = $hospital group by 1, 2
), journal as (
  select e.business_date, a.code as account,
    sum(case a.code when t.debit_account then t.amount_fen else 0 - t.amount_fen end) as fen
  from ledger.account a
  join ledger.transfer t on t.hospital_id = a.hospital_id and a.code in (t.debit_account, t.credit_account)
  join ledger.entry e on e.hospital_id = t.hospital_id and e.id = t.entry_id
  where a.hospital_id = $hospital and a.code like 'receivable/%'
    and e.cause not like 'settlement:%' and e.cause not like 'adjustment:%'
  group by 1, 2
), succeeded as (
  select (paid_at at time zone 'Asia/Shanghai')::date as business_date, sum(total_fen) as fen
  from payments.payment where hospital_id = $hospital and status = 'succeeded' group by 1
), income as (
  select e.business_date, sum(t.amount_fen) as fen
  from ledger.entry e
  join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
  where e.hospital_id = $hospital and t.credit_account = 'income' group by 1
)
select format('%s on %s: %s listed, %s in the journal', account, business_date, coalesce(l.fen, 0),
    coalesce(j.fen, 0)) as violation
from listed l full join journal j using (business_date, account)
where coalesce(l.fen, 0) <> coalesce(j.fen, 0)
union all
select format('%s: payments of %s succeeded, %s is income', business_date, coalesce(s.fen, 0),
    coalesce(i.fen, 0))
from succeeded s full join income i using (business_date)
where coalesce(s.fen, 0) <> coalesce(i.fen, 0)
union all
select format('the %s %s of %s stands on %s', kind, our_no, at, business_date)
from payments.move
where hospital_id = $hospital and business_date <> (at at time zone 'Asia/Shanghai')::date
union all
select format('the list %s of %s, version %s, says %s rows, %s charged and %s returned; its lines are %s, %s and %s',
    s.business_date, s.source, s.version, s.line_count, s.charge_fen, s.return_fen, count(l.line_no),
    coalesce(sum(l.amount_fen) filter (where l.kind = 'charge'), 0),
    coalesce(sum(l.amount_fen) filter (where l.kind = 'return'), 0))
from reconciliation.statement s
left join reconciliation.line l on l.hospital_id = s.hospital_id and l.business_date = s.business_date
  and l.source = s.source and l.version = s.version
where s.hospital_id = $hospital
group by s.business_date, s.source, s.version, s.line_count, s.charge_fen, s.return_fen
having s.line_count <> count(l.line_no)
  or s.charge_fen <> coalesce(sum(l.amount_fen) filter (where l.kind = 'charge'), 0)
  or s.return_fen <> coalesce(sum(l.amount_fen) filter (where l.kind = 'return'), 0);

select (select count(distinct business_date) from ledger.entry where hospital_id = $hospital) as days,
  (select coalesce(sum(amount_fen), 0) from payments.move
    where hospital_id = $hospital and kind = 'charge') as charged_fen,
  (select coalesce(sum(amount_fen), 0) from payments.move
    where hospital_id = $hospital and kind = 'return') as returned_fen,
  (select coalesce(sum(credit_fen - debit_fen), 0) from ledger.account_balance
    where hospital_id = $hospital and code = 'income') as income_fen,
  (select count(*) from reconciliation.statement where hospital_id = $hospital) as statements;
