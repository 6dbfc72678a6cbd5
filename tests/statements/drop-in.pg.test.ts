import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type * as Fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import iconv from 'iconv-lite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { type BillRow, tradeBill } from '../../adapters/channels/wechatpay/testing/bills.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import {
  createFolderStore,
  createStatementFiles,
  type Schedule,
} from '../../modules/statements/index.ts'
import { createAudit } from '../../platform/audit.ts'
import { systemActor } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

/** A process that is killed at its nth change of a folder does nothing more, and cleans nothing up. */
const killer = vi.hoisted(() => ({
  changesLeft: Number.POSITIVE_INFINITY,
  isDead: false,
  /** What the dead would have closed. */
  opened: [] as Fs.FileHandle[],
  /** Happens once, while a file is read. */
  meanwhile: null as null | (() => void),
}))

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof Fs>()
  const never = () => new Promise<never>(() => undefined)
  const mortal =
    <Args extends unknown[], Result>(change: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      if (killer.isDead) return never()
      if (--killer.changesLeft > 0) return change(...args)
      killer.isDead = true
      return never()
    }
  return {
    ...real,
    rename: mortal(real.rename),
    writeFile: mortal(real.writeFile),
    mkdir: mortal(real.mkdir),
    open: mortal(async (...args: Parameters<typeof real.open>) => {
      const file = await real.open(...args)
      killer.opened.push(file)
      const read = file.read.bind(file) as (options: object) => Promise<unknown>
      Object.assign(file, {
        read: (options: object) => {
          killer.meanwhile?.()
          killer.meanwhile = null
          return read(options)
        },
      })
      return file
    }),
    rm: mortal(real.rm),
  }
})

const DAY = businessDate('2026-11-20')
const SCHEDULE: Schedule = {
  source: 'wechat',
  layout: 'wechat-trade',
  account: '1900000109',
  namePattern: '(?<date>\\d{8})',
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

let db: TestDatabase
let folder: string
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'drop-in-'))))
afterEach(async () => {
  for (const file of killer.opened.splice(0)) await file.close()
  killer.isDead = false
  killer.changesLeft = Number.POSITIVE_INFINITY
  rmSync(folder, { recursive: true })
})

let hospitals = 0

async function open() {
  const hospital = ++hospitals as HospitalId
  const code = `H${String(hospital).padStart(11, '0')}`
  const platform = testPlatform('2026-11-21T09:00:00+08:00', `drop-in ${hospital}`)
  const inbox = join(folder, 'inbox')
  const place = join(inbox, code, 'wechat')
  mkdirSync(place, { recursive: true })
  const failures: string[] = []
  const newFiles = () =>
    createStatementFiles({
      db,
      ...platform,
      audit: createAudit(platform),
      store: createFolderStore({ folder: join(folder, 'store'), newId: platform.newId }),
      onError: (error) => void failures.push(String(error)),
      limits: { fileBytes: 100_000 },
    })
  const files = newFiles()
  await files.schedule(hospital, SCHEDULE, systemActor('test'))
  const start = () =>
    newFiles().dropIn({ folder: inbox, hospitals: async () => new Map([[code, hospital]]) })
  return {
    files,
    hospital,
    place,
    inbox,
    start,
    failures,
    clock: platform.clock,
    put: (name: string, bytes: Buffer) => writeFileSync(join(place, name), bytes),
    /** What lies where, but for the names' stamps and hashes. */
    lying: () =>
      ['', 'taking', 'done', 'refused'].flatMap((part) =>
        list(join(place, part)).map((name) =>
          join(part, name.replace(/^\d{14}-[0-9a-f]+-|^\d+-/, '')),
        ),
      ),
    taken: async () =>
      (await files.files(hospital, { limit: 100 })).map(
        ({ name, result }) => `${name} ${result.status}`,
      ),
  }
}

const list = (path: string) =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map(({ name }) => name)
        .toSorted()
    : []

const row = (i: number, amountFen = 100): BillRow => ({
  state: 'SUCCESS',
  time: '2026-11-20 09:30:00',
  transactionId: `T${i}`,
  tradeNo: `P${i}`,
  amountFen,
  feeUnits: 0,
})
const bill = (...rows: BillRow[]) => Buffer.from(tradeBill(rows))

describe('[B2] the folder into which others put files', () => {
  it('takes what has stopped growing, and moves it away with the reason where it is refused', async () => {
    const { put, start, clock, lying, taken, place } = await open()
    const dropIn = start()
    put('bill_20261120.csv.part', bill(row(9)))
    put('bill_20261120.csv', bill(row(1)).subarray(0, 100))
    put('bill_20261119_cut.csv', bill(row(1)).subarray(0, 300))
    expect(await dropIn.poll()).toBe(0)
    clock.advance(20_000)
    put('bill_20261120.csv', bill(row(1)))
    expect(await dropIn.poll()).toBe(0)
    clock.advance(20_000)
    expect(await dropIn.poll()).toBe(1)
    clock.advance(30_000)
    expect(await dropIn.poll()).toBe(1)
    expect(lying()).toEqual([
      'bill_20261120.csv.part',
      'done/bill_20261120.csv',
      'refused/bill_20261119_cut.csv',
      'refused/bill_20261119_cut.csv.reason.txt',
    ])
    const [, reason = ''] = list(join(place, 'refused'))
    expect(readFileSync(join(place, 'refused', reason), 'utf8')).toMatch(/^truncated: /)
    expect((await taken()).toSorted()).toEqual([
      'bill_20261119_cut.csv refused',
      'bill_20261120.csv taken',
    ])
  })

  it('takes the older of two versions first, and the same bytes again are nothing new', async () => {
    const { put, start, clock, lying, taken } = await open()
    const dropIn = start()
    put('z_20261120.csv', bill(row(1)))
    await new Promise((resolve) => setTimeout(resolve, 20))
    put('a_20261120.csv', bill(row(1), row(2)))
    await dropIn.poll()
    clock.advance(30_000)
    expect(await dropIn.poll()).toBe(2)
    put('a_20261120.csv', bill(row(1), row(2)))
    await dropIn.poll()
    clock.advance(30_000)
    expect(await dropIn.poll()).toBe(1)
    expect(await taken()).toEqual(['a_20261120.csv taken', 'z_20261120.csv superseded'])
    expect(lying()).toEqual(['done/a_20261120.csv', 'done/z_20261120.csv'])
  })

  it('takes no file that is too large, and leaves alone what leads elsewhere', async () => {
    const { put, start, clock, lying, place, inbox, failures } = await open()
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'bill_20261120.csv'), bill(row(1)))
    symlinkSync(join(elsewhere, 'bill_20261120.csv'), join(place, 'link_20261120.csv'))
    symlinkSync(elsewhere, join(inbox, 'H99999999999'))
    put('big_20261120.csv', Buffer.alloc(100_001, 0x61))
    const dropIn = start()
    await dropIn.poll()
    clock.advance(30_000)
    expect([await dropIn.poll(), ...failures]).toEqual([1])
    expect(lying()).toEqual([
      'link_20261120.csv',
      'refused/big_20261120.csv',
      'refused/big_20261120.csv.reason.txt',
    ])
    rmSync(join(place, 'refused'), { recursive: true })
    symlinkSync(elsewhere, join(place, 'refused'))
    put('cut_20261120.csv', bill(row(1)).subarray(0, 300))
    await dropIn.poll()
    clock.advance(30_000)
    expect(await dropIn.poll()).toBe(0)
    expect(failures.join()).toContain('refused is no folder')
    expect(list(elsewhere)).toEqual(['bill_20261120.csv'])
  })

  it('takes a file once more that somebody went on writing while it was taken', async () => {
    const { put, start, clock, lying, taken, place } = await open()
    const whole = bill(row(1), row(2))
    put('bill_20261120.csv', whole.subarray(0, 300))
    const dropIn = start()
    await dropIn.poll()
    clock.advance(30_000)
    killer.meanwhile = () => {
      const [name = ''] = list(join(place, 'taking'))
      appendFileSync(join(place, 'taking', name), whole.subarray(300))
    }
    expect(await dropIn.poll()).toBe(0)
    expect(lying()).toEqual(['taking/bill_20261120.csv'])
    await dropIn.poll()
    clock.advance(30_000)
    expect(await dropIn.poll()).toBe(1)
    expect(lying()).toEqual(['done/bill_20261120.csv'])
    expect(await taken()).toContain('bill_20261120.csv taken')
  })

  it('reads names that a bank wrote in GBK, or that are as long as names can be', async () => {
    const { start, clock, place, taken, lying } = await open()
    const gbk = Buffer.concat([Buffer.from(`${place}/`), iconv.encode('账单_20261120.csv', 'gbk')])
    writeFileSync(gbk, bill(row(1)))
    writeFileSync(join(place, `${'长'.repeat(76)}_20261119.csv`), bill(row(2)))
    const dropIn = start()
    await dropIn.poll()
    clock.advance(30_000)
    expect(await dropIn.poll()).toBe(2)
    expect((await taken()).some((line) => line === '账单_20261120.csv taken')).toBe(true)
    expect(lying()).toContain('done/账单_20261120.csv')
  })

  it('loses nothing wherever it is killed, and takes nothing twice', async () => {
    for (let changes = 1, isOver = false; !isOver; changes++) {
      const { put, start, clock, lying, taken, failures } = await open()
      put('bill_20261120.csv', bill(row(1)))
      put('cut_20261121.csv', bill(row(1)).subarray(0, 300))
      const first = start()
      await first.poll()
      clock.advance(30_000)
      killer.changesLeft = changes
      const killed = first.poll().then(() => 'ended')
      isOver = (await Promise.race([killed, untilDead()])) === 'ended'
      const before = lying().filter((name) => !name.endsWith('.reason.txt'))
      expect(before).toHaveLength(2)
      killer.isDead = false
      killer.changesLeft = Number.POSITIVE_INFINITY
      const second = start()
      for (let i = 0; i < 3; i++) {
        await second.poll()
        clock.advance(30_000)
      }
      expect(lying(), `killed at change ${changes}`).toEqual([
        'done/bill_20261120.csv',
        'refused/cut_20261121.csv',
        'refused/cut_20261121.csv.reason.txt',
      ])
      expect((await taken()).toSorted()).toEqual([
        'bill_20261120.csv taken',
        'cut_20261121.csv refused',
      ])
      expect(failures).toEqual([])
      expect(isOver && changes <= 12, 'it was killed at each change').toBe(false)
    }
  }, 60_000)
})

async function untilDead(): Promise<'killed'> {
  while (!killer.isDead) await new Promise((resolve) => setTimeout(resolve, 5))
  return 'killed'
}
