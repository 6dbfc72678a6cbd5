import type pg from 'pg'

// The peer: double entry as functions that move one transfer at a time, as open ledgers on PostgreSQL do. It stands for
// pgledger (https://github.com/pgr0ss/pgledger), and does for a transfer what that does, in words of its own: two functions,
// the outer of which makes a list of one; the accounts are sorted and locked; both balances are moved with their
// versions and checked; a transfer and two entries are written; the transfer is read back. Ids are texts, a prefix and a
// time-ordered ULID; amounts are numeric; there are the same keys, foreign keys and indexes.

const TABLES = `
  create schema peer;
  create table peer.account (
    id text primary key, name text not null, currency text not null, balance numeric not null,
    version bigint not null, may_be_negative boolean not null, may_be_positive boolean not null, metadata jsonb,
    created_at timestamptz not null, updated_at timestamptz not null);
  create table peer.transfer (
    id text primary key, source text not null references peer.account, target text not null references peer.account,
    amount numeric not null check (amount > 0), created_at timestamptz not null, event_at timestamptz not null,
    metadata jsonb, check (source <> target));
  create index transfer_by_source on peer.transfer (source);
  create index transfer_by_target on peer.transfer (target);
  create index transfer_by_event on peer.transfer (event_at);
  create table peer.entry (
    id text primary key, account text not null references peer.account,
    transfer text not null references peer.transfer, amount numeric not null, balance_before numeric not null,
    balance_after numeric not null, version bigint not null, created_at timestamptz not null);
  create index entry_by_account on peer.entry (account);
  create index entry_by_transfer on peer.entry (transfer);
  create type peer.request as (source text, target text, amount numeric)`

/** The 26 digits of a ULID, of five bits each, one after the other out of the 16 bytes. */
const ULID_DIGITS = Array.from({ length: 26 }, (_, digit) => {
  const [byte, bit] = [Math.floor((5 * digit - 2) / 8), (5 * digit + 6) % 8]
  if (digit === 0) return 'get_byte(bytes, 0) >> 5'
  if (bit <= 3) return `(get_byte(bytes, ${byte}) >> ${3 - bit}) & 31`
  const next = `get_byte(bytes, ${byte + 1}) >> ${11 - bit}`
  return `((get_byte(bytes, ${byte}) << ${bit - 3}) | (${next})) & 31`
}).map((value) => `chr(get_byte(digits, ${value}))`)

const IDS = `
  create function peer.ulid_of(id uuid) returns text language plpgsql immutable as $$
  declare
    digits constant bytea := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    bytes constant bytea := uuid_send(id);
  begin
    return ${ULID_DIGITS.join(' || ')};
  end $$;
  create function peer.new_uuid() returns uuid language sql volatile as $$
    select encode(substring(int8send(floor(ms)::bigint) from 3)
      || int2send((28672 | floor((ms - floor(ms)) * 4096)::int)::int2)
      || substring(uuid_send(gen_random_uuid()) from 9), 'hex')::uuid
    from (select extract(epoch from clock_timestamp()) * 1000 as ms) now
  $$;
  create function peer.new_id(kind text) returns text language sql volatile as $$
    select kind || '_' || peer.ulid_of(peer.new_uuid())
  $$`

const CHECK = `
  create function peer.check_balance(a peer.account) returns void language plpgsql as $$
  begin
    if not a.may_be_negative and a.balance < 0 then raise exception '% would be negative', a.id; end if;
    if not a.may_be_positive and a.balance > 0 then raise exception '% would be positive', a.id; end if;
  end $$`

const MOVE_ALL = `
  create function peer.move_all(requests peer.request[]) returns setof peer.transfer language plpgsql as $$
  declare
    asked peer.request;
    one text;
    accounts text[] := '{}';
    moved text;
    all_moved text[] := '{}';
    low peer.account;
    high peer.account;
  begin
    foreach asked in array requests loop
      accounts := accounts || asked.source || asked.target;
    end loop;
    accounts := array(select distinct a from unnest(accounts) a order by a);
    foreach one in array accounts loop
      perform id from peer.account where id = one for update;
    end loop;
    foreach asked in array requests loop
      if asked.amount <= 0 then raise exception 'a transfer moves more than nothing'; end if;
      if asked.source = asked.target then raise exception 'a transfer moves between two accounts'; end if;
      update peer.account set balance = balance - asked.amount, version = version + 1, updated_at = now()
      where id = asked.source returning * into low;
      perform peer.check_balance(low);
      update peer.account set balance = balance + asked.amount, version = version + 1, updated_at = now()
      where id = asked.target returning * into high;
      perform peer.check_balance(high);
      if low.currency <> high.currency then raise exception 'a transfer has one currency'; end if;
      insert into peer.transfer (id, source, target, amount, created_at, event_at)
      values (peer.new_id('t'), asked.source, asked.target, asked.amount, now(), now()) returning id into moved;
      all_moved := array_append(all_moved, moved);
      insert into peer.entry (id, account, transfer, amount, balance_before, balance_after, version, created_at)
      values (peer.new_id('e'), low.id, moved, 0 - asked.amount, low.balance + asked.amount, low.balance,
        low.version, now());
      insert into peer.entry (id, account, transfer, amount, balance_before, balance_after, version, created_at)
      values (peer.new_id('e'), high.id, moved, asked.amount, high.balance - asked.amount, high.balance,
        high.version, now());
    end loop;
    return query select * from peer.transfer where id = any(all_moved) order by id;
  end $$`

const MOVE = `
  create function peer.move(source text, target text, amount numeric) returns setof peer.transfer
  language plpgsql as $$
  begin
    return query select * from peer.move_all(array[(source, target, amount)::peer.request]);
  end $$`

/** Makes the peer in the same database, with accounts numbered from 0. */
export async function openPeer(client: pg.Client, accounts: number): Promise<void> {
  for (const statement of [TABLES, IDS, CHECK, MOVE_ALL, MOVE]) await client.query(statement)
  await client.query(
    `insert into peer.account
      select 'a_' || lpad(n::text, 26, '0'), 'account ' || n, 'CNY', 0, 0, true, true, null, now(), now()
      from generate_series(0, $1::int) n`,
    [accounts],
  )
  await client.query('analyze peer.account')
}

const accountNumbered = (n: number) => `a_${String(n).padStart(26, '0')}`

/** One transfer, committed. */
export const movePeer = (client: pg.PoolClient, source: number, target: number): Promise<unknown> =>
  client.query({
    name: 'move',
    text: 'select * from peer.move($1, $2, $3)',
    values: [accountNumbered(source), accountNumbered(target), 100],
  })

/** Errors: throws when what it moved does not add up, as figures of a ledger that loses money say nothing. */
export async function assertPeerAddsUp(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ wrong: string }>(`
    select count(*) as wrong from peer.account a
    where balance <> (select coalesce(sum(amount), 0) from peer.entry e where e.account = a.id)
      and version > 0`)
  if (rows[0]?.wrong !== '0') throw new Error(`${rows[0]?.wrong} accounts of the peer are wrong`)
}
