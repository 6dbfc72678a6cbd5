import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openStore as openHis } from '../his/store.ts'
import { openStore as openInsurance } from '../insurance/store.ts'
import { openStore as openWechat } from '../wechatpay/store.ts'
import { openBooksFile } from './books-file.ts'

const ROOT = join(import.meta.dirname, '../../..')
const TABLES = { version: 3, sql: 'create table entry (id integer primary key) strict;' }

let dir: string
let file: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'books-'))
  file = join(dir, 'books.db')
})
afterEach(() => rmSync(dir, { recursive: true }))

/** What the three stores have in common. */
type Store = {
  run(sql: string): unknown
  all(sql: string): unknown[]
  transaction(work: () => void): void
  close(): void
}

// A batch is a transaction. It writes many more pages than the cache holds, so that it reaches the disk before it
// is committed, and a process that is killed has most likely left half of one.
const BATCH_ROWS = 50
const PREPARE = [
  'pragma cache_size = 5',
  'create table if not exists last_batch (number integer not null) strict',
  `create table if not exists batch_row (batch integer not null, body text not null) strict`,
  'create index if not exists batch_row_by_body on batch_row (body, batch)',
  'insert into last_batch select 0 where not exists (select 1 from last_batch)',
]
const BATCH = [
  'update last_batch set number = number + 1',
  `insert into batch_row
     with recursive row (no) as (select 1 union all select no + 1 from row where no < ${BATCH_ROWS})
     select number, hex(randomblob(300)) from last_batch, row`,
  'delete from batch_row where batch = (select number - 20 from last_batch)',
]

describe.each<[string, (databaseFile: string) => Store]>([
  ['his', openHis],
  ['insurance', openInsurance],
  ['wechatpay', openWechat],
])('the books of %s', (simulator, open) => {
  it('are whole after their process was killed in the midst of writing, again and again', async () => {
    for (const afterMs of [15, 40, 75, 130]) {
      const told = await killedWhileWriting(simulator, file, afterMs)
      expect(existsSync(`${file}.lock`)).toBe(true)
      const store = open(file)
      expect(store.all('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
      const torn = store.all(
        `select batch, count(*) from batch_row group by batch having count(*) <> ${BATCH_ROWS}`,
      )
      expect(torn).toEqual([])
      const [last] = store.all(
        'select number, (select max(batch) from batch_row) as written from last_batch',
      ) as { number: number; written: number }[]
      expect(last?.written).toBe(last?.number)
      expect(last?.number).toBeGreaterThanOrEqual(told)
      store.close()
      expect(existsSync(`${file}.lock`)).toBe(false)
    }
  }, 60_000)
})

/** Starts a process that commits batch after batch, kills it so long after the first, and says which was the last it told of. */
async function killedWhileWriting(simulator: string, databaseFile: string, afterMs: number) {
  const code = `
    import { openStore } from '${ROOT}/apps/simulators/${simulator}/store.ts'
    const store = openStore(${JSON.stringify(databaseFile)})
    for (const sql of ${JSON.stringify(PREPARE)}) store.run(sql)
    for (;;) {
      store.transaction(() => { for (const sql of ${JSON.stringify(BATCH)}) store.run(sql) })
      process.stdout.write(store.get('select number from last_batch').number + '\\n')
    }`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code]
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  let told = 0
  let killer: NodeJS.Timeout | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    told = Number(line)
    killer ??= setTimeout(() => child.kill('SIGKILL'), afterMs)
  }
  expect(told).toBeGreaterThan(0)
  return told
}

it('opens what it made, and refuses and unlocks a file of another version', () => {
  const made = openBooksFile(file, TABLES)
  made.exec('insert into entry values (7)')
  made.close()
  mkdirSync(`${file}.lock`) // of a process that was killed
  const again = openBooksFile(file, TABLES)
  expect(again.all('select id from entry')).toEqual([{ id: 7 }])
  again.close()
  expect(() => openBooksFile(file, { ...TABLES, version: 4 })).toThrow(
    'the file is of version 3, this simulator of version 4',
  )
  expect(existsSync(`${file}.lock`)).toBe(false)
})

it('turns a file with a rollback journal into one that is written ahead', () => {
  const made = openBooksFile(file, TABLES)
  made.exec('pragma journal_mode = truncate; insert into entry values (7)')
  made.close()
  const again = openBooksFile(file, TABLES)
  expect(again.get('pragma journal_mode')).toEqual({ journal_mode: 'wal' })
  expect(again.all('select id from entry')).toEqual([{ id: 7 }])
  again.close()
})

it('keeps nothing in memory', () => {
  const made = openBooksFile(':memory:', TABLES)
  made.exec('insert into entry values (7)')
  made.close()
  const again = openBooksFile(':memory:', TABLES)
  expect(again.all('select id from entry')).toEqual([])
  again.close()
  expect(existsSync(':memory:.lock')).toBe(false)
})
