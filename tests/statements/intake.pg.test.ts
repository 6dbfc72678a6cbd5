import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type BillRow, tradeBill } from '../../adapters/channels/wechatpay/testing/bills.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addDays, addMs, businessDate, DAY_MS, instantAt } from '../../kernel/time.ts'
import {
  createFolderStore,
  createStatementFiles,
  type Schedule,
  type StatementFilesDependencies,
} from '../../modules/statements/index.ts'
import { auditAbout, createAudit } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

const HOSPITAL = 1 as HospitalId
const DAY = businessDate('2026-11-20')
const ACTOR = systemActor('test')

let db: TestDatabase
let folder: string
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'statements-'))))
afterEach(() => rmSync(folder, { recursive: true }))

let hospitals = 0

function open(more: Partial<StatementFilesDependencies> = {}) {
  const hospital = (HOSPITAL + hospitals++) as HospitalId
  const platform = testPlatform('2026-11-21T09:00:00+08:00', `statements ${hospital}`)
  const alarms: string[] = []
  const taken: string[] = []
  const files = createStatementFiles({
    db,
    ...platform,
    audit: createAudit(platform),
    store: createFolderStore({ folder: join(folder, 'store'), newId: platform.newId }),
    onLate: async (_tx, _hospitalId, { source, businessDate: date, alarm }) =>
      void alarms.push(`${source} ${date} ${alarm}`),
    onTaken: async (_tx, { source, result }) => void taken.push(`${source} ${result.status}`),
    ...more,
  })
  const clock = platform.clock
  const at = (date: string, time: string) => clock.set(instantAt(businessDate(date), time))
  const states = async () =>
    (await files.arrivalsBetween(hospital, addDays(DAY, -30), addDays(DAY, 30))).map(
      (arrival) => `${arrival.businessDate} ${arrival.state}`,
    )
  return { files, hospital, clock, at, alarms, taken, states }
}

const SCHEDULE: Schedule = {
  source: 'wechat',
  layout: 'wechat-trade',
  account: '1900000109',
  namePattern: '^bill_(?<date>\\d{8})',
  firstDate: DAY,
  dayOffset: 1,
  expectedAt: '10:00',
  lateAt: '12:00',
  missingAt: '15:00',
  calendar: 'every_day',
  daysOff: [],
  daysOn: [],
  isActive: true,
}

const row = (i: number, amountFen = 100): BillRow => ({
  state: 'SUCCESS',
  time: '2026-11-20 09:30:00',
  transactionId: `T${i}`,
  tradeNo: `P${i}`,
  amountFen,
  feeUnits: 0,
})
const bill = (...rows: BillRow[]) => Buffer.from(tradeBill(rows))

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

type Opened = ReturnType<typeof open>
const upload = ({ files, hospital }: Opened, bytes: Buffer, name = 'bill.csv') =>
  files.take(
    {
      hospitalId: hospital,
      source: 'wechat',
      name,
      way: 'upload',
      actor: ACTOR,
      businessDate: DAY,
    },
    stream(bytes),
  )

async function text(lines: AsyncIterable<Uint8Array | string>): Promise<string> {
  const parts: string[] = []
  for await (const line of lines) parts.push(String(line))
  return parts.join('')
}

describe('[B2] F-101 a list that does not come', () => {
  it('is waited for, late, missing, and each is told once; the day is never whole without it', async () => {
    const opened = open()
    const { files, hospital, at, alarms, states } = opened
    await files.schedule(hospital, SCHEDULE, ACTOR)
    await files.sweep(hospital)
    expect(await states()).toEqual([])
    at('2026-11-21', '10:00:00')
    await files.sweep(hospital)
    expect(await states()).toEqual(['2026-11-20 waiting'])
    at('2026-11-21', '12:00:00')
    await files.sweep(hospital)
    await files.sweep(hospital)
    at('2026-11-21', '15:00:00')
    await files.sweep(hospital)
    await files.sweep(hospital)
    expect(alarms).toEqual(['wechat 2026-11-20 late', 'wechat 2026-11-20 missing'])
    expect(await states()).toEqual(['2026-11-20 missing'])
    const standing = () => inHospital(db, hospital, (tx) => files.dayStanding(tx, hospital, DAY))
    expect(await standing()).toMatchObject({ isComplete: false, awaited: ['wechat'] })
    expect((await upload(opened, bill(row(1)))).outcome).toBe('taken')
    expect(await standing()).toMatchObject({ isComplete: true, awaited: [] })
    expect(await states()).toEqual(['2026-11-20 arrived'])
  })

  it('F-100 is expected once for each date, however long nobody looked', async () => {
    const { files, hospital, at, states, alarms } = open()
    const week = { ...SCHEDULE, calendar: 'weekdays' as const }
    await files.schedule(hospital, { ...week, daysOn: [businessDate('2026-11-22')] }, ACTOR)
    at('2026-11-25', '16:00:00')
    await files.sweep(hospital)
    await files.sweep(hospital)
    // The 21st is a Saturday; the Sunday is worked.
    expect(await states()).toEqual([
      '2026-11-20 missing',
      '2026-11-22 missing',
      '2026-11-23 missing',
      '2026-11-24 missing',
    ])
    expect(alarms).toHaveLength(4)
  })
})

describe('F-102 a list that comes again', () => {
  it('the same bytes, or the same rows packed otherwise, are nothing new', async () => {
    const opened = open()
    await opened.files.schedule(opened.hospital, SCHEDULE, ACTOR)
    const first = await upload(opened, bill(row(1), row(2)))
    const again = await upload(opened, bill(row(1), row(2)))
    const unmarked = await upload(opened, Buffer.from(`\uFEFF${String(bill(row(1), row(2)))}`))
    expect([first, again, unmarked].map(({ outcome }) => outcome)).toEqual([
      'taken',
      'known',
      'known',
    ])
    expect([again.file.id, unmarked.file.id]).toEqual([first.file.id, first.file.id])
    expect(opened.taken).toEqual(['wechat taken'])
  })

  it('with changes is a new version, compared with the one before, which is kept', async () => {
    const opened = open()
    const { files, hospital, at, states } = opened
    await files.schedule(hospital, SCHEDULE, ACTOR)
    at('2026-11-21', '10:00:00')
    await files.sweep(hospital)
    const first = await upload(opened, bill(row(1), row(2), row(3)))
    const second = await upload(opened, bill(row(2, 250), row(1), row(4)))
    expect(second.file.result).toMatchObject({
      status: 'taken',
      version: 2,
      changes: { added: 1, removed: 1, changed: 1 },
    })
    expect((await files.file(hospital, first.file.id)).result.status).toBe('superseded')
    expect(await states()).toEqual(['2026-11-20 reissued'])
    const changes = (await text(await files.changes(hospital, second.file.id))).split('\r\n')
    expect(
      changes
        .slice(1, -1)
        .map((line) => line.split(',').slice(0, 6).join(' '))
        .toSorted(),
    ).toEqual([
      'added 4 charge P4 T4 100',
      'after 2 charge P2 T2 250',
      'before 3 charge P2 T2 100',
      'removed 4 charge P3 T3 100',
    ])
    const audited = await inHospital(db, hospital, (tx) =>
      auditAbout(tx, hospital, `statement_file:${second.file.id}`),
    )
    expect(audited).toMatchObject([
      { action: 'statements.take', detail: { replaces: first.file.id, added: 1 } },
    ])
    // And back again: the first one, given out a third time, stands once more.
    const third = await upload(opened, bill(row(1), row(2), row(3)))
    expect(third).toMatchObject({ outcome: 'taken', file: { result: { version: 3 } } })
  })

  it('twice in the same moment stands once, and no version is lost', async () => {
    const opened = open()
    const { files, hospital } = opened
    await files.schedule(hospital, SCHEDULE, ACTOR)
    const lists = [1, 2, 3, 4].map((i) => bill(row(i), row(i + 10)))
    await Promise.all([...lists, ...lists].map((bytes) => upload(opened, bytes)))
    const all = await files.files(hospital, { limit: 100 })
    const standing = all.filter(({ result }) => result.status === 'taken')
    expect(standing).toHaveLength(1)
    const versions = all.map(({ result }) => (result.status === 'refused' ? 0 : result.version))
    expect(versions.toSorted((a, b) => a - b)).toEqual(versions.map((_, i) => i + 1))
    expect(all.length).toBeGreaterThanOrEqual(4)
  })
})

describe('F-103 a list that is refused', () => {
  it('counts no row, keeps its bytes and its reason, and takes nothing from the one before', async () => {
    const opened = open()
    const { files, hospital, at, states } = opened
    await files.schedule(hospital, SCHEDULE, ACTOR)
    at('2026-11-21', '10:00:00')
    await files.sweep(hospital)
    const cut = bill(row(1), row(2)).subarray(0, 300)
    const refused = await upload(opened, cut, '../../etc/账单".csv')
    expect(refused).toMatchObject({
      outcome: 'refused',
      file: { name: '账单".csv', result: { code: 'truncated' } },
    })
    expect(await states()).toEqual(['2026-11-20 refused'])
    expect(await files.standing(hospital, 'wechat', DAY)).toBeNull()
    const kept = await files.content(hospital, refused.file.id)
    const hash = createHash('sha256')
    for await (const piece of kept.bytes) hash.update(piece)
    expect(hash.digest('hex')).toBe(createHash('sha256').update(cut).digest('hex'))
    await expect(files.rows(hospital, refused.file.id)).rejects.toMatchObject({
      code: 'statements.file_not_taken',
    })
    const good = await upload(opened, bill(row(1)))
    await upload(opened, cut.subarray(0, 200))
    expect(await states()).toEqual(['2026-11-20 arrived'])
    const standing = await files.standing(hospital, 'wechat', DAY)
    expect(standing?.file.id).toBe(good.file.id)
    expect(await files.files(hospital, { status: 'refused', limit: 10 })).toHaveLength(2)
  })

  it('is too large, and nothing of it is left', async () => {
    const opened = open({ limits: { fileBytes: 1_000 } })
    await opened.files.schedule(opened.hospital, SCHEDULE, ACTOR)
    await expect(upload(opened, Buffer.alloc(1_001, 0x61))).rejects.toMatchObject({
      code: 'statements.file_too_large',
    })
    expect(readdirSync(join(folder, 'store'))).toEqual(['incoming'])
    expect(readdirSync(join(folder, 'store/incoming'))).toEqual([])
  })
})

it('what a process left half-written when it died is cleared away, and what is kept stays', async () => {
  const { clock } = testPlatform()
  const { newId } = testPlatform('2026-11-21T10:00:00+08:00', 'store')
  const store = createFolderStore({ folder: join(folder, 'store'), newId })
  const kept = await store.receive(stream(Buffer.from('kept')), 100)
  const draft = await store.draft()
  await draft.write(Buffer.from('half'))
  expect(await store.clean(addMs(clock.now(), -100 * DAY_MS * 365))).toBe(0)
  expect(await store.clean(new Date('2100-01-01T00:00:00Z'))).toBe(1)
  await draft.discard()
  expect(String(await (await store.open(kept.sha256)).read(0, 10))).toBe('kept')
})

describe('a layout of a hospital’s own', () => {
  it('is checked, kept by version, and read by', async () => {
    const opened = open()
    const { files, hospital } = opened
    const {
      name: _name,
      version: _version,
      ...descriptor
    } = (await files.layouts.list(hospital)).find(({ layout }) => layout.name === 'bank-csv')
      ?.layout ?? {}
    const save = (json: object) => files.layouts.save(hospital, 'our-bank', json, ACTOR)
    await expect(save({ ...descriptor, kinds: [] })).rejects.toMatchObject({
      code: 'statements.layout_wrong',
    })
    const slow = { member: '^(a+)+$' }
    await expect(
      save({ ...descriptor, container: { kinds: ['zip'], ...slow } }),
    ).rejects.toMatchObject({ params: { reason: 'a group repeats' } })
    await expect(files.layouts.save(hospital, 'bank-csv', descriptor, ACTOR)).rejects.toMatchObject(
      {
        code: 'statements.layout_shipped',
      },
    )
    expect(await save(descriptor)).toMatchObject({ version: 1 })
    expect(await save(descriptor)).toMatchObject({ version: 2 })
    const list = Buffer.from(
      '交易时间,交易流水号,借方发生额,贷方发生额,账户余额,对方账号,摘要,附言\n2026-11-20 09:00:00,B1,,1.00,1.00,6,=1+1,P\n',
    )
    const request = { hospitalId: hospital, source: 'bank', name: 'b.csv', way: 'upload' } as const
    const take = files.take(
      { ...request, actor: ACTOR, businessDate: DAY, layout: 'our-bank' },
      stream(list),
    )
    const { file } = await take
    expect(file).toMatchObject({ layoutVersion: 2, result: { status: 'taken' } })
    expect(await text(await files.rows(hospital, file.id))).toContain(`,6,'=1+1`)
  })
})
