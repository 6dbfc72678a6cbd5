-- I15 Reconciliation closes 对账闭环
-- Violation: a comparison whose figures do not add up from ours over every difference to theirs; figures that are
-- not the list's lines, the differences' rows or our movements; a closed day with a list that is not compared,
-- or with a difference that is neither repaired nor explained nor in an open case.
-- Figure: {days} days closed, {comparisons} comparisons: ours {ours_fen} + differences = theirs {theirs_fen}
with newest as (
  select distinct on (c.business_date, c.source) c.*, a.compare_due, a.compared_at as looked_at
  from reconciliation.comparison c
  join reconciliation.arrival a on a.hospital_id = c.hospital_id and a.business_date = c.business_date
    and a.source = c.source
  where c.hospital_id = $hospital
  order by c.business_date, c.source, c.version desc
), figure as (
  select n.business_date, n.source, n.statement_version, n.compare_due, n.looked_at, k.key as kind,
    (k.value -> 'ours' ->> 'count')::bigint as ours, (k.value -> 'ours' ->> 'amountFen')::bigint as ours_fen,
    (k.value -> 'theirs' ->> 'count')::bigint as theirs,
    (k.value -> 'theirs' ->> 'amountFen')::bigint as theirs_fen, k.value -> 'gaps' as gaps
  from newest n, jsonb_each(n.figures) k
), gap as (
  select f.business_date, f.source, f.kind, f.compare_due, g.key as class,
    (g.value ->> 'count')::bigint as count, (g.value ->> 'amountFen')::bigint as fen
  from figure f, jsonb_each(f.gaps) g
), summed as (
  select business_date, source, kind, sum(count) as count, sum(fen) as fen
  from gap group by business_date, source, kind
), present as (
  select business_date, source, kind, class, sum(theirs_lines - ours_lines) as count,
    sum(theirs_fen - ours_fen) as fen
  from reconciliation.difference where hospital_id = $hospital and present
  group by business_date, source, kind, class
), their_line as (
  select business_date, source, version, kind, count(*) as count, sum(amount_fen) as fen
  from reconciliation.line where hospital_id = $hospital group by business_date, source, version, kind
), closed as (
  select business_date from reconciliation.day
  where hospital_id = $hospital and status = 'closed' and in_work_until is null
)
select format('%s %s %s: ours %s of %s, differences %s of %s, theirs %s of %s', f.business_date, f.source,
    f.kind, f.ours, f.ours_fen, s.count, s.fen, f.theirs, f.theirs_fen) as violation
from figure f join summed s using (business_date, source, kind)
where f.ours + s.count <> f.theirs or f.ours_fen + s.fen <> f.theirs_fen
union all
select format('%s %s %s: theirs is %s of %s in the figures, %s of %s on the list', f.business_date, f.source,
    f.kind, f.theirs, f.theirs_fen, coalesce(l.count, 0), coalesce(l.fen, 0))
from figure f left join their_line l on l.business_date = f.business_date and l.source = f.source
  and l.version = f.statement_version and l.kind = f.kind
where f.theirs <> coalesce(l.count, 0) or f.theirs_fen <> coalesce(l.fen, 0)
union all
select format('%s %s %s: the differences "%s" are %s in the figures, %s by their rows', g.business_date,
    g.source, g.kind, g.class, g.fen, coalesce(p.fen, 0))
from gap g left join present p using (business_date, source, kind, class)
where not g.compare_due and (g.count <> coalesce(p.count, 0) or g.fen <> coalesce(p.fen, 0))
union all
select format('%s %s %s: ours is %s in the figures, %s by our movements', f.business_date, f.source, f.kind,
    f.ours_fen, m.fen)
from figure f, lateral (
  -- What was written down in the very moment of the comparison may be in it or not.
  select coalesce(sum(amount_fen), 0) as fen,
    coalesce(sum(amount_fen) filter (where recorded_at < f.looked_at), 0) as earlier_fen
  from payments.move
  where hospital_id = $hospital and business_date = f.business_date and provider = f.source
    and kind = f.kind and recorded_at <= f.looked_at) m
where f.source <> 'his' and f.ours_fen not in (m.fen, m.earlier_fen)
union all
select format('%s is closed, and the list of %s is %s, version %s of %s compared', a.business_date, a.source,
    a.status, a.compared_version, a.newest_version)
from closed c join reconciliation.arrival a using (business_date)
where a.hospital_id = $hospital and not a.compare_due and a.next_try_at is null
  and (a.status <> 'received' or a.compared_version <> a.newest_version)
union all
select format('%s is closed, and the difference "%s" of %s with %s is %s', d.business_date, d.class, d.our_no,
    d.source, d.status)
from closed c join reconciliation.difference d using (business_date)
join reconciliation.arrival a on a.hospital_id = d.hospital_id and a.business_date = d.business_date
  and a.source = d.source
left join reconciliation.work_case w on w.hospital_id = d.hospital_id and w.id = d.case_id
where d.hospital_id = $hospital and not a.compare_due
  and (d.status in ('found', 'repairing') or d.status = 'in_case' and w.status is distinct from 'open');

with newest as (
  select distinct on (business_date, source) *
  from reconciliation.comparison where hospital_id = $hospital
  order by business_date, source, version desc
)
select count(*) as comparisons,
  coalesce(sum((figures -> 'charge' -> 'ours' ->> 'amountFen')::bigint
    - (figures -> 'return' -> 'ours' ->> 'amountFen')::bigint), 0) as ours_fen,
  coalesce(sum((figures -> 'charge' -> 'theirs' ->> 'amountFen')::bigint
    - (figures -> 'return' -> 'theirs' ->> 'amountFen')::bigint), 0) as theirs_fen,
  (select count(*) from reconciliation.day where hospital_id = $hospital and status = 'closed') as days
from newest;
