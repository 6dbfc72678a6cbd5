-- I16 Loans equal ledger 贷款与总账相符
-- Violation: a lender's book in which what the open instalments owe, of principal, interest, fees or penalty, is not what
-- the account says, or not the sum of the sub-ledger; a loan that owes something and is over, or the other way round.
-- Figure: {principal_fen} of principal and {other_fen} of interest, fees and penalty in {loans} open loans
with owed as (
  select loan_id, sum(principal_fen - paid_principal_fen) as principal,
    sum(accrued_interest_fen - paid_interest_fen) as interest, sum(charged_fee_fen - paid_fee_fen) as fee,
    sum(accrued_penalty_fen - paid_penalty_fen) as penalty
  from credit.instalment where hospital_id = $hospital and status = 'open' group by loan_id
), noted as (
  select loan_id, sum(principal_fen) as principal, sum(interest_fen) as interest, sum(fee_fen) as fee,
    sum(penalty_fen) as penalty
  from credit.loan_entry where hospital_id = $hospital group by loan_id
), booked as (
  select k.name, coalesce(a.debit_fen - a.credit_fen, 0) as fen
  from (values ('principal'), ('interest'), ('fee'), ('penalty')) k (name)
  left join ledger.account_balance a on a.hospital_id = $hospital and a.code = 'loans/' || k.name
), summed as (
  select k.name, k.fen from (select coalesce(sum(principal), 0) as principal,
      coalesce(sum(interest), 0) as interest, coalesce(sum(fee), 0) as fee,
      coalesce(sum(penalty), 0) as penalty from owed) s
    cross join lateral (values ('principal', s.principal), ('interest', s.interest), ('fee', s.fee),
      ('penalty', s.penalty)) k (name, fen)
)
select format('the instalments owe %s of %s, the account loans/%s says %s', s.fen, s.name, s.name, b.fen)
  as violation
from summed s join booked b using (name) where s.fen <> b.fen
union all
select format('loan %s owes %s by its instalments and %s by the sub-ledger', coalesce(o.loan_id, n.loan_id),
  coalesce(row(o.principal, o.interest, o.fee, o.penalty)::text, 'nothing'),
  coalesce(row(n.principal, n.interest, n.fee, n.penalty)::text, 'nothing'))
from owed o full join noted n on n.loan_id = o.loan_id
where coalesce(o.principal, 0) <> coalesce(n.principal, 0) or coalesce(o.interest, 0) <> coalesce(n.interest, 0)
  or coalesce(o.fee, 0) <> coalesce(n.fee, 0) or coalesce(o.penalty, 0) <> coalesce(n.penalty, 0)
union all
select format('loan %s is %s and has %s open instalments', l.id, l.status, count(i.no))
from credit.loan l left join credit.instalment i
  on i.hospital_id = l.hospital_id and i.loan_id = l.id and i.status = 'open'
where l.hospital_id = $hospital
group by l.id, l.status
having (l.status = 'open') <> (count(i.no) > 0);

select coalesce(sum(principal_fen - paid_principal_fen), 0) as principal_fen,
  coalesce(sum(accrued_interest_fen - paid_interest_fen + charged_fee_fen - paid_fee_fen
    + accrued_penalty_fen - paid_penalty_fen), 0) as other_fen,
  count(distinct loan_id) as loans
from credit.instalment where hospital_id = $hospital and status = 'open';
