import { type RawBuilder, sql } from 'kysely'

import type { Tx } from '../../platform/db.ts'

// The one statement that posts. Its parts, in the order in which they are worked out: what is there already (known,
// target, day, standing), the accounts that are waited for and locked (authorised), what that leaves of each request
// (judged), and the rows that follow from it.
//
// Who waits for a row reads the newest of it, and everything else as it stood when the statement began. The versions
// tell: where one differs from the one that was seen without waiting, the statement does nothing and says 'stale'. So
// it does where a request promises out of an account that one before it opens, since only a row that is there is locked.

/** The statement for so many requests. Its text is put together once, as that takes longer than to post. */
export const batchStatement = (tx: Tx, requests: number): string =>
  requests < MANY ? textOfFew(tx) : textOfMany(tx)

const MANY = 64

// Its parameters, by their numbers.
const hospitalId = sql.raw('$1::int')
const now = sql.raw('$2::timestamptz')
const hour = sql.raw('$3::timestamptz')
const oversell = sql.raw('$4::boolean')
const requestArrays =
  sql.raw(`$5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::date[],
  $11::boolean[], $12::uuid[], $13::bigint[], $14::boolean[], $15::text[], $16::text[], $17::timestamptz[]`)
const lineArrays = sql.raw('$18::int[], $19::int[], $20::text[], $21::text[], $22::bigint[]')
const accountArrays = sql.raw('$23::text[], $24::text[]')
const reach = {
  codes: sql.raw('$25::text[]'),
  promised: sql.raw('$26::text[]'),
  holdIds: sql.raw('$27::uuid[]'),
}

/**
 * The planner takes an array it does not see for ten rows. For a thousand it would loop where it should hash, and for one
 * it would rather plan the statement anew each time, which takes longer than to run it. These say that there are many, or
 * few, and add and take no row; each makes a text, and so a plan, of its own.
 */
const MANY_ROWS = sql`cross join (select from generate_series(1, ${hospitalId} / ${hospitalId}) limit 100) many`
const FEW_ROWS = sql`limit 100000 + ${hospitalId}`

const compiledOnce = (rowsHint: RawBuilder<unknown>) => {
  let text: string | null = null
  return (tx: Tx): string => (text ??= statement(rowsHint).compile(tx).sql)
}

const statement = (rowsHint: RawBuilder<unknown>) => sql`
    with ${whatIsThere(rowsHint)}, ${whoIsWaitedFor()}, ${judgement()}, ${holdsThatFollow()},
    ${entriesThatFollow()}
    select j.no::int as no, j.verdict, j.known_id as "knownId", j.known_moves as "knownMoves",
      coalesce(j.known_entry, e.id) as "entryId", j.booked_on as "bookedOn",
      case j.kind
        when 'post' then e.id is not null
        when 'hold' then h.id is not null
        when 'void_hold' then x.hold_id is not null
        when 'expire_hold' then x.hold_id is not null
        else (x.hold_id is not null or p.hold_id is not null)
          and (e.id is not null or j.known_entry is not null)
      end as "isWritten",
      j.available_fen as "availableFen", (select count(*) > 0 from authorised) as "isAuthorised"
    from judged j
    left join new_entry e on e.id = j.id
    left join new_hold h on h.id = j.id
    left join new_end x on x.hold_id = j.hold_id
    left join new_part p on p.hold_id = j.hold_id
    order by j.no`

const whatIsThere = (rowsHint: RawBuilder<unknown>) => sql`
  request as materialized (
    select * from unnest(${requestArrays})
    with ordinality r (kind, id, cause, subject, memo, business_date, on_next_open, hold_id, amount_fen,
      keeps_rest, debit, credit, expires_at, no) ${rowsHint}
  ), line as materialized (
    select * from unnest(${lineArrays}) l (no, line_no, debit, credit, amount_fen)
      ${rowsHint}
  ), target as materialized (
    select h.id, h.subject, h.debit_account as debit, h.credit_account as credit, h.expires_at, h.amount_fen,
      (h.amount_fen - ${partsOf()})::bigint as remaining_fen, x.outcome as ended, x.entry_id as ended_by,
      array(select p.entry_id from ledger.hold_part p
        where p.hospital_id = h.hospital_id and p.hold_id = h.id) as parts
    from unnest(${reach.holdIds}) r (hold_id)
    cross join lateral (select * from ledger.hold h
      where h.hospital_id = ${hospitalId} and h.id = r.hold_id limit 1) h
    left join ledger.hold_end x on x.hospital_id = h.hospital_id and x.hold_id = h.id
  ), day as materialized (
    select d.business_date, ${isClosed(sql`d.business_date`)} as is_closed, (
        select min(c.business_date) + 1 from ledger.closing c
        where c.hospital_id = ${hospitalId} and c.business_date >= d.business_date
          and ${isClosed(sql`c.business_date`)}
          and not ${isClosed(sql`c.business_date + 1`)}) as next_open
    from (select distinct business_date from request where business_date is not null) d
  ), standing as materialized (
    select a.code, a.version, a.floor_fen is not null or a.ceiling_fen is not null as is_limited
    from ledger.account a
    where a.hospital_id = ${hospitalId} and a.code = any (${reach.codes}
      || array(select debit from target) || array(select credit from target))
  )`

const isClosed = (date: RawBuilder<unknown>) => sql`
  coalesce((select k.is_closed from ledger.closing k
    where k.hospital_id = ${hospitalId} and k.business_date = ${date}
    order by k.version desc limit 1), false)`

const partsOf = () => sql`
  coalesce((select sum(p.amount_fen) from ledger.hold_part p
    where p.hospital_id = ${hospitalId} and p.hold_id = h.id), 0)`

const whoIsWaitedFor = () => sql`
  books as materialized (
    select version from ledger.books where hospital_id = ${hospitalId} for share
  ), authorised as materialized (
    select a.* from ledger.account a
    where a.hospital_id = ${hospitalId} and a.code = any (array(
      select code from standing where is_limited
      union select unnest(${reach.promised})
      union select credit from target))
    order by a.code for no key update
  ), stale as materialized (
    select not coalesce((select b.version = o.version from books b, ledger.books o
        where o.hospital_id = ${hospitalId}), false)
      or exists (select from authorised a join standing n on n.code = a.code
        where n.version <> a.version)
      or exists (select from request where kind = 'hold' and credit in (select debit from line)
        and credit not in (select code from standing)) as is_stale
  )`

// The order of the cases is the order of precedence.
const judgement = () => sql`
  found as materialized (
    select r.*, t.subject as hold_subject, t.debit as hold_debit, t.credit as hold_credit, t.remaining_fen,
      coalesce(r.amount_fen, t.remaining_fen) as take_fen, t.amount_fen as hold_fen, k.id as known_id,
      k.moves as known_moves, case when r.kind = 'post_hold' then k.id end as known_entry,
      case when d.is_closed then d.next_open else r.business_date end as booked_on,
      case
        when r.kind in ('post', 'hold') and k.id is not null then 'known'
        when r.kind not in ('post', 'hold') and t.id is null then 'hold_not_found'
        when r.kind = 'post_hold' and (k.id = t.ended_by or k.id = any (t.parts)) then 'exists'
        when t.ended is not null then 'already_' || t.ended
        when r.kind = 'expire_hold' then case when t.expires_at <= ${now} then 'clear' else 'not_expired' end
        when t.expires_at <= ${now} then 'expired'
        when r.kind = 'post_hold' and r.amount_fen > t.remaining_fen then 'exceeds_held'
        when r.kind = 'post_hold' and k.id is not null and k.moves::jsonb <> jsonb_build_array(
          jsonb_build_array(t.debit, t.credit, coalesce(r.amount_fen, t.remaining_fen)))
          then 'exists_with_different'
        when d.is_closed and not r.on_next_open and k.id is null then 'closed_date'
        else 'clear'
      end as finding
    from request r
    left join lateral (${whatIsKnown()}) k on true
    left join target t on t.id = r.hold_id
    left join day d on d.business_date = r.business_date
  ), seen as materialized (
    select f.*, f.finding = 'clear' as is_clear, f.kind = 'post_hold' and f.known_id is null as posts_hold from found f
  ), move as materialized (
    select l.no, s.id, l.line_no, l.debit, l.credit, l.amount_fen
    from line l join seen s on s.no = l.no and s.is_clear
    union all
    select s.no, s.id, 1, s.hold_debit, s.hold_credit, s.take_fen from seen s where s.is_clear and s.posts_hold
  ), promise as materialized (
    select s.no, coalesce(s.credit, s.hold_credit) as code, case
        when s.kind = 'hold' then s.amount_fen
        when s.kind = 'post_hold' and s.keeps_rest then 0 - s.take_fen
        else 0 - s.remaining_fen
      end as held_fen, s.kind = 'expire_hold' as was_free
    from seen s where s.is_clear and s.kind <> 'post' and not ${oversell}
  ), ${whatIsLeft()}, judged_so as materialized (
    select s.*, coalesce(f.available_fen, 0) as available_fen, case
        when (select is_stale from stale) then 'stale'
        when s.finding <> 'clear' then s.finding
        when f.no is not null then f.why
        when s.kind = 'hold' and not ${oversell}
          and not exists (select from slot where code = s.credit) then 'insufficient'
        else 'clear'
      end as verdict
    from seen s left join refused f on f.no = s.no
  ), judged as materialized (
    select j.*, j.verdict = 'clear' as is_done, j.verdict = 'clear' and (j.kind = 'post' or j.posts_hold) as is_booked
    from judged_so j
  )`

// Looked for one by one, by the whole of a key: no statistics, or none yet, make another plan of it.
const whatIsKnown = () => sql`
  select e.id, (
      select json_agg(json_build_array(t.debit_account, t.credit_account, t.amount_fen) order by t.line_no)
      from ledger.transfer t where t.hospital_id = ${hospitalId} and t.entry_id = e.id) as moves
  from ledger.entry e
  where r.kind in ('post', 'post_hold') and e.hospital_id = ${hospitalId} and e.cause = r.cause
  union all
  select h.id, json_build_array(json_build_array(h.debit_account, h.credit_account, h.amount_fen))
  from ledger.hold h
  where r.kind = 'hold' and h.hospital_id = ${hospitalId} and h.cause = r.cause`

const whatIsLeft = () => sql`
  slot as materialized (
    select a.code, (row_number() over (order by a.code))::int as slot, b.side, a.floor_fen is not null as has_floor,
      (b.own_fen - b.held_fen - coalesce(a.floor_fen, 0))::bigint as available, (a.ceiling_fen - b.own_fen)::bigint as room
    from authorised a
    cross join lateral (
      select s.side, a.held_fen - ${heldByExpired()} as held_fen,
        s.side * (a.debit_fen - a.credit_fen + coalesce((select sum(u.debit_fen - u.credit_fen)
          from ledger.rollup u
          where u.hospital_id = ${hospitalId} and u.account = a.code and not u.in_account), 0)) as own_fen
      from (select case when a.kind in ('asset', 'expense') then 1 else -1 end as side) s
    ) b
  ), change as materialized (
    select c.no::int as no, s.slot, sum(c.debit_fen * s.side - c.held_fen)::bigint as available,
      sum(0 - c.debit_fen * s.side)::bigint as room, bool_or(c.held_fen > 0) as is_promise
    from (
      select no, debit as code, amount_fen as debit_fen, 0 as held_fen from move
      union all select no, credit, 0 - amount_fen, 0 from move
      union all select no, code, 0, held_fen from promise where not was_free
    ) c join slot s on s.code = c.code
    group by c.no, s.slot
  ), refused as materialized (
    select f.* from ledger.refused_in_order(
      array(select available from slot order by slot), array(select room from slot order by slot),
      array(select has_floor from slot order by slot), array(select no from change order by no, slot),
      array(select slot from change order by no, slot), array(select available from change order by no, slot),
      array(select room from change order by no, slot),
      array(select is_promise from change order by no, slot)) f
  )`

// What is in a hold that has expired is free again, also before the sweep has ended it. One that the sweep has left
// for a week counts as held once more, so that this never reads far back.
const heldByExpired = () => sql`
  coalesce((select sum(h.amount_fen - ${partsOf()}) from ledger.hold h
    where h.hospital_id = ${hospitalId} and h.expires_at <= ${now}
      and h.expires_at > ${now} - interval '7 days' and h.credit_account = a.code
      and not exists (select from ledger.hold_end x
        where x.hospital_id = h.hospital_id and x.hold_id = h.id)), 0)`

const holdsThatFollow = () => sql`
  new_end as (
    insert into ledger.hold_end (hospital_id, hold_id, outcome, entry_id, at, amount_fen)
    select ${hospitalId}, hold_id,
      case kind when 'void_hold' then 'voided' when 'expire_hold' then 'expired' else 'posted' end,
      case kind when 'post_hold' then coalesce(known_entry, id) end, ${now},
      case when kind = 'post_hold' and take_fen <> hold_fen then take_fen end
    from judged where is_done
      and (kind in ('void_hold', 'expire_hold')
        or kind = 'post_hold' and not (keeps_rest and take_fen < remaining_fen))
    on conflict (hospital_id, hold_id) do nothing returning hold_id
  ), new_part as (
    insert into ledger.hold_part (hospital_id, hold_id, entry_id, amount_fen, at)
    select ${hospitalId}, hold_id, coalesce(known_entry, id), take_fen, ${now}
    from judged where is_done and kind = 'post_hold' and keeps_rest and take_fen < remaining_fen
    on conflict (hospital_id, hold_id, entry_id) do nothing returning hold_id
  ), new_hold as (
    insert into ledger.hold
      (hospital_id, id, cause, subject, debit_account, credit_account, amount_fen, created_at, expires_at)
    select ${hospitalId}, id, cause, subject, debit, credit, amount_fen, ${now}, expires_at
    from judged where is_done and kind = 'hold'
    order by cause collate "C"
    on conflict (hospital_id, cause) do nothing returning id
  )`

const entriesThatFollow = () => sql`
  new_entry as (
    insert into ledger.entry
      (hospital_id, id, business_date, cause, subject, memo, created_at, intended_date)
    select ${hospitalId}, id, booked_on, cause, coalesce(subject, hold_subject), memo, ${now},
      case when booked_on <> business_date then business_date end
    from judged
    where is_booked
    order by cause collate "C" -- two batches with the same causes meet at the first of them
    on conflict (hospital_id, cause) do nothing returning id, business_date
  ), moved as materialized (
    select e.id, e.business_date, m.line_no, m.debit, m.credit, m.amount_fen
    from new_entry e join move m on m.id = e.id
  ), new_transfer as (
    insert into ledger.transfer (hospital_id, entry_id, line_no, debit_account, credit_account, amount_fen)
    select ${hospitalId}, id, line_no, debit, credit, amount_fen from moved
  ), total as materialized (
    select s.code, m.business_date, sum(s.debit_fen)::bigint as debit_fen, sum(s.credit_fen)::bigint as credit_fen
    from moved m cross join lateral (
      values (m.debit, m.amount_fen, 0::bigint), (m.credit, 0::bigint, m.amount_fen)) s (code, debit_fen, credit_fen)
    group by s.code, m.business_date
  ), new_rollup as (
    insert into ledger.rollup
      (hospital_id, account, batch_id, business_date, posted_hour, debit_fen, credit_fen, in_account)
    select ${hospitalId}, code, (select id from moved order by id limit 1), business_date,
      ${hour}, debit_fen, credit_fen, code in (select code from authorised)
    from total
  ), new_account as (
    insert into ledger.account (hospital_id, code, kind, debit_fen, credit_fen, held_fen)
    select ${hospitalId}, n.code, n.kind, 0, 0, 0
    from unnest(${accountArrays}) n (code, kind)
    where n.code not in (select code from standing) and (n.code in (select code from total)
      or n.code in (select debit from judged where kind = 'hold' and is_done))
    order by n.code
    on conflict (hospital_id, code) do nothing
  ), held as materialized (
    select p.code, sum(p.held_fen)::bigint as held_fen
    from promise p join judged j on j.no = p.no and j.is_done
    where j.kind <> 'hold' or j.id in (select id from new_hold)
    group by p.code
  ), new_standing as (
    update ledger.account a
    set debit_fen = a.debit_fen + c.debit_fen, credit_fen = a.credit_fen + c.credit_fen,
      held_fen = a.held_fen + c.held_fen, version = a.version + 1
    from (
      select code, sum(debit_fen)::bigint as debit_fen, sum(credit_fen)::bigint as credit_fen,
        sum(held_fen)::bigint as held_fen
      from (select code, debit_fen, credit_fen, 0 as held_fen from total
        union all select code, 0, 0, held_fen from held) moves
      group by code
    ) c
    where a.hospital_id = ${hospitalId} and a.code = c.code and a.code in (select code from authorised)
  )`

const textOfFew = compiledOnce(FEW_ROWS)
const textOfMany = compiledOnce(MANY_ROWS)
