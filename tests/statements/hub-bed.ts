import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sql } from 'kysely'

import { createHub, type HubOptions } from '../../apps/hub/create-hub.ts'
import { createWorker } from '../../apps/worker/worker.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { businessDate, instantAt } from '../../kernel/time.ts'
import type { Schedule } from '../../modules/statements/index.ts'
import { inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'

export const HOSPITAL = 1 as HospitalId
const CODE = 'H37020000001'
export const ACTOR = systemActor('test')

export const BANK: Schedule = {
  source: 'icbc-main',
  layout: 'bank-csv',
  account: null,
  namePattern: '(?<date>\\d{8})',
  firstDate: businessDate('2026-11-20'),
  dayOffset: 1,
  expectedAt: '08:00',
  lateAt: '10:00',
  missingAt: '12:00',
  calendar: 'every_day',
  daysOff: [],
  daysOn: [],
  isActive: true,
}

/** Hub and worker of one hospital, whose lists come as files; time stands still until the test moves it. */
export async function createHubBed(more: Partial<HubOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'statement-bed-'))
  const db = await createTestDatabase()
  const platform = { db, ...testPlatform('2026-11-21T07:00:00+08:00', 'statement bed') }
  const failures: string[] = []
  const hub = createHub({
    ...platform,
    seal: createSeal(platform.random.bytes(32), platform.random),
    wake: wakeBySweep,
    canaries: new Set(),
    providerTimeoutMs: 5_000,
    quoteDeadlineMs: 30_000,
    environment: 'sandbox',
    pause: async () => undefined,
    statementFolder: join(folder, 'store'),
    onError: (error, { subject }) => void failures.push(`${subject}: ${String(error)}`),
    ...more,
  })
  await hub.hospitals.register({
    id: HOSPITAL,
    insuranceCode: CODE,
    name: '滨海第一医院',
    shortName: '滨海一院',
    level: '三级甲等',
    status: 'active',
  })
  const inbox = join(folder, 'inbox')
  const place = join(inbox, CODE, BANK.source)
  mkdirSync(place, { recursive: true })
  const worker = createWorker(hub, platform, { atOnce: 1, statementInbox: inbox })
  const { clock } = platform
  return {
    hub,
    db,
    clock,
    failures,
    place,
    /** Does whatever is due at that moment, until nothing is. */
    at: async (date: string, time: string) => {
      clock.set(instantAt(businessDate(date), time))
      await worker.lookIntoInbox()
      for (let done = 1; done > 0;) {
        done = (await worker.workOffAll()) + (await worker.fetchLists())
      }
    },
    cases: async () => {
      const { rows } = await inHospital(db, HOSPITAL, (tx) =>
        sql<{ line: string }>`
          select concat_ws(' ', class, subject, amount_fen, reason, coalesce(resolution, 'open')) as line
          from reconciliation.work_case where hospital_id = ${HOSPITAL} order by id`.execute(tx),
      )
      return rows.map(({ line }) => line)
    },
    close: async () => {
      await hub.partners.close()
      await db[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A day's list of a bank, of rows as `B1 +1.00` and `B2 -2.50`, paid by 财付通. */
export function bankList(date: string, ...rows: string[]): Buffer {
  let balanceFen = 100_00
  const lines = rows.map((row) => {
    const [, no = '', sign = '', yuan = ''] = /^(\S+) ([+-])(\S+)$/.exec(row) ?? []
    balanceFen += Number(`${sign}${yuan.replace('.', '')}`)
    const [out, into] = sign === '+' ? ['', yuan] : [yuan, '']
    const balance = `${Math.trunc(balanceFen / 100)}.${String(balanceFen % 100).padStart(2, '0')}`
    return `${date} 09:00:00,${no},${out},${into},${balance},财付通,结算,`
  })
  const head = '交易时间,交易流水号,借方发生额,贷方发生额,账户余额,对方账号,摘要,附言'
  return Buffer.from([head, ...lines, ''].join('\n'))
}
