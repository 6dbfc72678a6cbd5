import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import pg from 'pg'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createTestDatabase, type TestDatabase } from '../platform/testing/database.ts'
import { APPEND_ONLY } from './setup/append-only.ts'

// What would have to be rewritten on the day a region outgrows one machine and its tables are spread over many
// by hospital. Nothing of it shows on one PostgreSQL, so it is read out of the catalogue and the source. Each
// rule is shown an offence, and must find it.

const ROOT = join(import.meta.dirname, '..')

/** Tables that have a hospital_id and are not spread by it, each with the reason. */
const NOT_BY_HOSPITAL: Record<string, string> = {
  'booking.person_hour':
    'a person’s, spread by person_id; the hospital is where they sit in that hour',
  'identity.medium': 'a person’s, spread by person_id; the hospital is one column among others',
  'identity.medium_event': 'a person’s, spread by person_id; the hospital is where it was done',
  'identity.person_hospital': 'a person’s, spread by person_id; read across hospitals',
  'identity.staff': 'a small directory on every node, read before a hospital is known',
  'partners.hospital_access':
    'a small directory on every node, read by application before a hospital is known',
  'partners.person_grant':
    'a person’s, spread by person_id; the hospital is where the application may name them',
  'partners.request_log':
    'an application’s, spread by application_id; the hospital is one column among others',
}

const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ')

const TABLES = `(select c.*, c.oid as id, n.nspname || '.' || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$|public$)')`

const HOSPITAL_TABLES = `(select t.*, a.attnum as hospital from ${TABLES} t
  join pg_attribute a on a.attrelid = t.id and a.attname = 'hospital_id'
  where t.name not in (${list(Object.keys(NOT_BY_HOSPITAL))}))`

const CATALOGUE_RULES: CatalogueRule[] = [
  {
    rule: 'a table has a primary key',
    offences: `select t.name from ${TABLES} t
      where not exists (select from pg_index i where i.indrelid = t.id and i.indisprimary)`,
    offence: 'create table ledger.draft (hospital_id int not null)',
    finds: 'ledger.draft',
  },
  {
    rule: 'the hospital leads the primary key, as a whole number that is never null',
    offences: `select t.name from ${HOSPITAL_TABLES} t
      join pg_attribute a on a.attrelid = t.id and a.attnum = t.hospital
      left join pg_index i on i.indrelid = t.id and i.indisprimary
      where i.indkey[0] is distinct from t.hospital or not a.attnotnull
        or a.atttypid <> 'int'::regtype`,
    offence: `create table ledger.note (id uuid, hospital_id int not null,
      constraint note_pkey primary key (id, hospital_id))`,
    finds: 'ledger.note',
  },
  {
    rule: 'the hospital is in every unique key',
    offences: `select i.indexrelid::regclass::text as name from ${HOSPITAL_TABLES} t
      join pg_index i on i.indrelid = t.id and (i.indisunique or i.indisexclusion)
      where not t.hospital = any (i.indkey::int2[])`,
    offence: 'create unique index entry_cause on ledger.entry (cause)',
    finds: 'ledger.entry_cause',
  },
  {
    rule: 'one hospital’s row refers to the same hospital’s row, and is never cut loose from it',
    offences: `select f.conname as name from pg_constraint f
      join ${HOSPITAL_TABLES} t on t.id = f.conrelid
      left join ${HOSPITAL_TABLES} r on r.id = f.confrelid
      where f.contype = 'f' and (f.confdeltype in ('n', 'd') or (r.id is not null and
        array_position(f.conkey, t.hospital) is distinct from array_position(f.confkey, r.hospital)
        or r.id is not null and not t.hospital = any (f.conkey)))`,
    offence: `alter table ledger.entry add column source uuid, add column place int,
      add constraint entry_source foreign key (place, source) references ledger.entry (hospital_id, id)`,
    finds: 'entry_source',
  },
  {
    rule: 'a directory, and a person’s table, refer to no table of a hospital',
    offences: `select f.conname as name from pg_constraint f
      join ${HOSPITAL_TABLES} r on r.id = f.confrelid
      where f.contype = 'f' and f.conrelid not in (select id from ${HOSPITAL_TABLES} t)`,
    offence: `alter table hospitals.hospital add column main_department text,
      add constraint hospital_main foreign key (id, main_department)
        references hospitals.department (hospital_id, code)`,
    finds: 'hospital_main',
  },
  {
    rule: 'no table refers to another module’s',
    offences: `select f.conname as name from pg_constraint f
      join ${TABLES} t on t.id = f.conrelid join ${TABLES} r on r.id = f.confrelid
      where f.contype = 'f' and t.relnamespace <> r.relnamespace`,
    offence: `alter table payments.move add constraint move_hospital
      foreign key (hospital_id) references hospitals.hospital (id)`,
    finds: 'move_hospital',
  },
  {
    rule: 'row-level security is on, and holds for the owner too',
    offences: `select t.name from ${HOSPITAL_TABLES} t
      where not (t.relrowsecurity and t.relforcerowsecurity)
        or not exists (select from pg_policy p where p.polrelid = t.id)`,
    offence: 'alter table ledger.entry no force row level security',
    finds: 'ledger.entry',
  },
  {
    rule: 'no trigger',
    offences: `select g.tgname as name from pg_trigger g join ${TABLES} t on t.id = g.tgrelid
      where not g.tgisinternal`,
    offence: `create function ledger.look() returns trigger language plpgsql as 'begin return new; end';
      create trigger entry_look before insert on ledger.entry for each row execute function ledger.look()`,
    finds: 'entry_look',
  },
  {
    rule: 'no numbers that a sequence gives out',
    offences: `select t.name || '.' || a.attname as name from ${TABLES} t
      join pg_attribute a on a.attrelid = t.id
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) ~ 'nextval'`,
    offence: 'alter table ledger.entry add column no bigint generated always as identity',
    finds: 'ledger.entry.no',
  },
  {
    rule: 'no default calls a function: times and random values come as parameters',
    offences: `select t.name || '.' || a.attname as name from ${TABLES} t
      join pg_attrdef d on d.adrelid = t.id
      join pg_attribute a on a.attrelid = t.id and a.attnum = d.adnum
      where a.attgenerated = '' and pg_get_expr(d.adbin, d.adrelid) ~ '\\w\\s*\\(|CURRENT_|LOCALTIME'`,
    offence: 'alter table ledger.entry alter column created_at set default now()',
    finds: 'ledger.entry.created_at',
  },
  {
    rule: 'every table is logged',
    offences: `select t.name from ${TABLES} t where t.relpersistence <> 'p'`,
    offence: 'create unlogged table ledger.scratch (id uuid constraint scratch_pkey primary key)',
    finds: 'ledger.scratch',
  },
  {
    rule: 'a name leaves room for the number of a shard',
    offences: `select name from (
        select conname::text as name from pg_constraint k join ${TABLES} t on t.id = k.conrelid
        union select i.relname::text from pg_index x join pg_class i on i.oid = x.indexrelid
          join ${TABLES} t on t.id = x.indrelid
        union select t.relname::text from ${TABLES} t) named
      where length(name) > 50`,
    offence: `create index ${'entry_by_created_at_'.repeat(2)}and_the_cause on ledger.entry (hospital_id)`,
    finds: 'entry_by_created_at_entry_by_created_at_and_the_cause',
  },
  {
    rule: 'what is append-only may not be changed',
    offences: `select t.name from ${TABLES} t, unnest(array['update', 'delete', 'truncate']) privilege
      where t.name in (${list(APPEND_ONLY)}) and (has_table_privilege('yiqiao_app', t.id, privilege)
        or privilege = 'update' and has_any_column_privilege('yiqiao_app', t.id, privilege))
      union all select * from unnest(array[${list(APPEND_ONLY)}]) name
      where to_regclass(name) is null`,
    offence: 'grant update (memo) on ledger.entry to yiqiao_app',
    finds: 'ledger.entry',
  },
  {
    rule: 'the application empties no table, owns none, and passes by no policy',
    offences: `select t.name from ${TABLES} t where has_table_privilege('yiqiao_app', t.id, 'truncate')
        or pg_get_userbyid(t.relowner) = 'yiqiao_app'
      union all select rolname from pg_roles
      where rolname = 'yiqiao_app' and (rolsuper or rolbypassrls or rolcreaterole)`,
    offence: 'grant truncate on payments.bill_claim to yiqiao_app',
    finds: 'payments.bill_claim',
  },
]

describe('the catalogue', () => {
  it.each(CATALOGUE_RULES)('$rule', async ({ offences, offence, finds }) => {
    await using database = await createTestDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    const found = async () =>
      (await client.query<{ name: string }>(offences)).rows.map((row) => row.name)
    expect(await found()).toEqual([])
    await client.query(offence)
    expect(await found()).toEqual([finds])
    await client.end()
  })

  it('the exceptions are there, and are spread by something else', async () => {
    await using database = await createTestDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    const { rows } = await client.query(`select t.name from ${TABLES} t
      join pg_index i on i.indrelid = t.id and i.indisprimary
      join pg_attribute a on a.attrelid = t.id and a.attnum = i.indkey[0]
      where t.name in (${list(Object.keys(NOT_BY_HOSPITAL))}) and a.attname <> 'hospital_id'`)
    expect(rows).toHaveLength(Object.keys(NOT_BY_HOSPITAL).length)
    await client.end()
  })
})

const SOURCE_RULES: SourceRule[] = [
  {
    rule: 'a statement on a hospital’s table names the hospital',
    isOffence: ({ text, tables, whole, isBuilder }) =>
      !isBuilder && tables.length > 0 && !/hospital_id/.test(isComposed(text) ? whole : text),
    offence: 'sql`select * from ledger.entry where id = ${id}`',
    innocent: 'sql`select * from ledger.entry where hospital_id = ${hospitalId} and id = ${id}`',
  },
  {
    rule: 'a query of the builder on a hospital’s table names the hospital',
    isOffence: ({ text, tables, isBuilder }) => {
      const named = [...text.matchAll(/hospital_id'/g)].length
      const joins = [...text.matchAll(/Join\('/g)].length
      return isBuilder && tables.length > 0 && !/insertInto/.test(text) && named < 1 + joins
    },
    offence: "tx.updateTable('ledger.account').set({ held_fen }).where('code', '=', hospitalId)",
    innocent: "tx.updateTable('ledger.account').set({ held_fen }).where('hospital_id', '=', id)",
  },
  {
    rule: 'hospitals’ tables are joined by the hospital',
    isOffence: ({ text, tables }) => {
      const joins = tables.filter((table) => new RegExp(`\\bjoin ${table}\\b`, 'i').test(text))
      return joins.length > [...text.matchAll(/\.hospital_id = \w+\.hospital_id/g)].length
    },
    offence: `sql\`select from ledger.entry e join ledger.transfer t on t.entry_id = e.id
      where e.hospital_id = \${hospitalId}\``,
    innocent: `sql\`select from ledger.entry e
      join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
      where e.hospital_id = \${hospitalId}\``,
  },
  {
    rule: 'times and random values come as parameters',
    isOffence: ({ text }) =>
      /(?<![.\w])(now|random|\w+_timestamp|gen_random_uuid|timeofday)\(\s*\)|\bcurrent_(date|time)/i.test(
        text,
      ),
    offence: 'sql`update ledger.account set at = now() where hospital_id = ${id}`',
    innocent: 'sql`update ledger.account set at = ${clock.now} where hospital_id = ${id}`',
  },
  {
    rule: 'a setting is set for one transaction, as a statement of its own',
    isOffence: ({ text }) =>
      /\bset_config\s*\(/i.test(text) || /`set (?!local )/i.test(text.trimStart()),
    offence: "sql`select set_config('app.hospital_id', ${id}, true)`",
    innocent: "sql.raw(`set local app.hospital_id = '${id}'`)",
  },
  {
    rule: 'what excludes others is a row, never a lock of one node; nothing is merged or copied in',
    isOffence: ({ text }) =>
      /\bpg_(try_)?advisory_|\bmerge into\b|\bcopy \w+\.\w+ from\b/i.test(text),
    offence: 'sql`select pg_advisory_xact_lock(${hospitalId})`',
    innocent: 'sql`select from payments.payment where hospital_id = ${hospitalId} for update`',
  },
]

describe('the SQL in the source', () => {
  let database: TestDatabase
  let hospitalTables: string[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    const { rows } = await client.query<{ name: string }>(`select t.name from ${HOSPITAL_TABLES} t`)
    hospitalTables = rows.map((row) => row.name)
    await client.end()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  it.each(SOURCE_RULES)('$rule', ({ isOffence, offence, innocent }) => {
    const found = sourceFiles().flatMap((path) =>
      statementsIn(readFileSync(join(ROOT, path), 'utf8'), hospitalTables)
        .filter(isOffence)
        .map(({ text }) => `${path}: ${text}`),
    )
    expect(found).toEqual([])
    expect(statementsIn(offence, hospitalTables).filter(isOffence)).toHaveLength(1)
    expect(statementsIn(innocent, hospitalTables)).toHaveLength(1)
    expect(statementsIn(innocent, hospitalTables).filter(isOffence)).toEqual([])
  })

  it('finds the statements there are', () => {
    const builder = readFileSync(join(ROOT, 'modules/payments/store.ts'), 'utf8')
    const statements = statementsIn(builder, hospitalTables)
    expect(statements.filter((s) => s.isBuilder).length).toBeGreaterThan(8)
    const tagged = readFileSync(join(ROOT, 'modules/ledger/batch-store.ts'), 'utf8')
    expect(
      statementsIn(tagged, hospitalTables).some((s) =>
        s.text.includes('insert into ledger.account'),
      ),
    ).toBe(true)
  })

  it('errors are read in one place, since a node of many leaves their fields out', () => {
    const readers = sourceFiles().filter((path) =>
      /\b(error|err|e)\.(constraint|table|column|schema)\b/.test(
        readFileSync(join(ROOT, path), 'utf8'),
      ),
    )
    expect(readers).toEqual(['platform/db.ts'])
  })
})

/** Conditions are put together beside the statement: its surroundings are then read with it. */
const isComposed = (text: string) => /\bwhere \$\{sql\.join\(/.test(text)

function sourceFiles(): string[] {
  return ['platform', 'modules', 'adapters', 'apps'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|(^|\/)testing\//.test(path))
      // Bare statements of one hospital, written to be measured beside the hub; and another database.
      .filter((path) => folder !== 'apps' || !/^(bench|simulators)\//.test(path))
      .map((path) => `${folder}/${path}`),
  )
}

/** Every sql`…` and every chain of the query builder, with the hospitals' tables it names. */
function statementsIn(source: string, hospitalTables: readonly string[]): Statement[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true)
  const statements: Statement[] = []
  const add = (node: ts.Node, isBuilder: boolean) => {
    const text = node.getText(file)
    const named = hospitalTables.filter((table) => namesTable(text, table))
    const whole = topLevelOf(node).getText(file)
    statements.push({ text, isBuilder, tables: named, whole })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(file) === 'sql') add(node, false)
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const method = node.expression.name.text
      if (/^(selectFrom|insertInto|updateTable|deleteFrom)$/.test(method)) add(chainOf(node), true)
      if (method === 'raw' && node.expression.expression.getText(file) === 'sql') add(node, false)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return statements
}

const namesTable = (text: string, table: string) =>
  new RegExp(
    `\\b(from|join|into|update)\\s+${table}\\b|(selectFrom|updateTable|deleteFrom|insertInto|Join)\\('${table}\\b`,
    'i',
  ).test(text)

/** tx.selectFrom(…) with all that is called on it. */
function chainOf(node: ts.Node): ts.Node {
  const { parent } = node
  const goesOn =
    (ts.isPropertyAccessExpression(parent) && parent.expression === node) ||
    (ts.isCallExpression(parent) && parent.expression === node)
  return goesOn ? chainOf(parent) : node
}

const topLevelOf = (node: ts.Node): ts.Node =>
  ts.isSourceFile(node.parent) ? node : topLevelOf(node.parent)

type CatalogueRule = { rule: string; offences: string; offence: string; finds: string }
type Statement = { text: string; isBuilder: boolean; tables: string[]; whole: string }
type SourceRule = {
  rule: string
  isOffence: (statement: Statement) => boolean
  offence: string
  innocent: string
}
