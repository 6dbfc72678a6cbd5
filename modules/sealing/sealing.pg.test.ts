import { appendFile, readFile, truncate } from 'node:fs/promises'

import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { addMs, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { inHospital, openDb, type Tx } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { ledgerLog } from '../ledger/sealed-log-store.ts'
import { auditLog } from './audit-log-store.ts'
import { headFileAt } from './head-file.ts'
import { FIRST_ID, itemAt, LAST_ID, type SealedLog } from './sealed-log.ts'
import { createSealing } from './sealing.ts'
import { HOSPITAL, openSealingWorld, postEntries, type SealingWorld } from './testing/world.ts'
import { provesConsistency, provesInclusion } from './tree.ts'
import { verifyLog } from './verify.ts'

const OF = { hospitalId: HOSPITAL, log: 'ledger' }
const ALL = { from: FIRST_ID, upTo: LAST_ID, limit: 100 }

let world: SealingWorld

beforeEach(async () => {
  world = await openSealingWorld()
})
afterEach(() => world[Symbol.asyncDispose]())

const sizeNow = async () => (await world.sealing.headDetail(OF, 'newest')).head.size

async function textsOf(log: SealedLog): Promise<string[]> {
  const { packed } = await inHospital(world.db, HOSPITAL, (tx) => log.itemsFrom(tx, HOSPITAL, ALL))
  const texts: string[] = []
  for (let at = 0; at < packed.length; at = itemAt(packed, at).end) {
    const { start, end } = itemAt(packed, at)
    texts.push(packed.toString('utf8', start, end))
  }
  return texts
}

describe('canonical bytes', () => {
  it('of an entry are what JSON.stringify writes, whatever its texts hold', async () => {
    const [id = ''] = await postEntries(world, HOSPITAL, 1)
    const memo = '门诊 "收费" \\ / \b\f\n\r\t\u0001\u001f\u007f\u2028 😀 é'
    await world.owner.query(`update ledger.entry set memo = $1, intended_date = '2026-11-20'`, [
      memo,
    ])
    const at = world.clock.now().toISOString().replace('Z', '000Z')
    const lines = [
      [1, 'wechat', 'income', 100],
      [2, 'fees', 'wechat', 1],
    ]
    const subject = `payment:${id}`
    const head = [
      'yiqiao/ledger-entry/1',
      1,
      id,
      '2026-11-21',
      '2026-11-20',
      `cause:${id}`,
      subject,
    ]
    expect(await textsOf(ledgerLog)).toEqual([JSON.stringify([...head, memo, at, lines])])
  })

  it('of an audit row are too', async () => {
    const actor = { name: 'staff:"1"', requestId: null }
    const detail = { amountFen: 5, why: 'a\nb' }
    await inHospital(world.db, HOSPITAL, (tx) =>
      createAudit(world)(tx, HOSPITAL, actor, { action: 'payments.confirm', subject: 'p', detail }),
    )
    const [text = ''] = await textsOf(auditLog)
    const [form, hospital, , at, ...rest] = JSON.parse(text) as unknown[]
    expect([form, hospital]).toEqual(['yiqiao/audit/1', 1])
    expect(at).toBe(world.clock.now().toISOString().replace('Z', '000Z'))
    expect(rest.slice(0, 4)).toEqual(['staff:"1"', 'payments.confirm', 'p', 'done'])
    expect(JSON.parse(String(rest[4]))).toEqual(detail)
    expect(rest[5]).toBe(null)
    expect(text).toBe(JSON.stringify(JSON.parse(text)))
  })
})

describe('[B1] sealing', () => {
  it('takes every log of a hospital, and each item once', async () => {
    await postEntries(world, HOSPITAL, 7)
    await inHospital(world.db, HOSPITAL, (tx) => audited(tx))
    expect(await world.sealing.sealNext(HOSPITAL)).toBe(8)
    expect(await world.sealing.sealNext(HOSPITAL)).toBe(0)
    await postEntries(world, HOSPITAL, 3)
    expect(await world.sealing.sealNext(HOSPITAL)).toBe(3)
    expect(await sizeNow()).toBe(10)
    expect(await world.findings()).toEqual([])
  })

  it('finds what commits after younger things were sealed, early or late', async () => {
    const slow = new pg.Client(world.db.url)
    await slow.connect()
    for (const waitMs of [MINUTE_MS, DAY_MS]) {
      await slow.query('begin')
      const late = await postEntries({ ...world, owner: slow }, HOSPITAL, 2)
      world.clock.advance(1_000)
      await postEntries(world, HOSPITAL, 3)
      expect(await world.sealing.sealNext(HOSPITAL)).toBe(3)
      world.clock.advance(waitMs)
      await postEntries(world, HOSPITAL, 1)
      expect(await world.sealing.sealNext(HOSPITAL)).toBe(1)
      await slow.query('commit')
      world.clock.advance(waitMs)
      expect(await world.sealing.sealNext(HOSPITAL)).toBe(late.length)
    }
    await slow.end()
  })

  it('by several at once makes one chain that has everything once', async () => {
    await postEntries(world, HOSPITAL, 60)
    const others = [1, 2, 3].map(() => createSealing({ ...world.dependencies, headFile: null }))
    const posting = postEntries(world, HOSPITAL, 40)
    for (let round = 0; round < 5; round++) {
      await Promise.all(others.map((sealing) => sealing.sealNext(HOSPITAL)))
    }
    await posting
    for (const sealing of others) await sealing.sealNext(HOSPITAL)
    expect(await sizeNow()).toBe(100)
    expect(await world.findings({ withFile: false })).toEqual([])
  })

  it('may not be undone by the application', async () => {
    await postEntries(world, HOSPITAL, 1)
    await world.sealing.sealNext(HOSPITAL)
    const app = openDb({ url: world.db.url, role: 'yiqiao_app' })
    for (const table of ['head', 'leaf', 'node', 'countersignature']) {
      const doing = inHospital(app, HOSPITAL, (tx) =>
        sql`delete from ${sql.table(`sealing.${table}`)} where hospital_id = 1`.execute(tx),
      )
      await expect(doing).rejects.toThrow('permission denied')
    }
    await app.destroy()
  })
})

describe('the file of heads', () => {
  it('gets the heads that a crash kept from it, and loses a line that was cut short', async () => {
    await postEntries(world, HOSPITAL, 1)
    await world.sealing.sealNext(HOSPITAL)
    await postEntries(world, HOSPITAL, 2)
    await createSealing({ ...world.dependencies, headFile: null }).sealNext(HOSPITAL)
    expect(await world.findings()).toEqual(['head_not_filed head 3'])
    await world.sealing.sealNext(HOSPITAL)
    expect(await world.findings()).toEqual([])
    const whole = await readFile(world.path, 'utf8')
    await truncate(world.path, whole.length - 20)
    await postEntries(world, HOSPITAL, 1)
    const again = headFileAt(world.path)
    await createSealing({ ...world.dependencies, headFile: again }).sealNext(HOSPITAL)
    await again.close()
    expect(await readFile(world.path, 'utf8')).toContain(whole)
    expect(await world.findings()).toEqual([])
  })

  it('with a line that is no head is told of, and read on', async () => {
    await postEntries(world, HOSPITAL, 3)
    await world.sealing.sealNext(HOSPITAL)
    await appendFile(world.path, 'what is this\n')
    expect(await world.findings()).toEqual([])
  })
})

describe('proofs', () => {
  it('hold at every size there was, and between all of them', async () => {
    const ids: string[] = []
    for (const count of [1, 6, 10, 17, 30]) {
      ids.push(...(await postEntries(world, HOSPITAL, count)))
      await world.sealing.sealNext(HOSPITAL)
    }
    const sizes = [1, 7, 17, 34, 64]
    for (const size of sizes) {
      for (const index of [0, size >> 1, size - 1]) {
        const proof = await world.sealing.inclusion(OF, { itemId: ids[index] ?? '' }, size)
        expect(proof.leafIndex).toBe(index)
        const { leafHash: leaf, path, head } = proof
        const claim = { algorithm: head.treeHash, leaf, index, size, path, root: head.root }
        expect(provesInclusion(claim)).toBe(true)
      }
      for (const to of sizes.filter((other) => other >= size)) {
        const { path, ...heads } = await world.sealing.consistency(OF, size, to)
        expect(provesConsistency({ algorithm: 'sha256', ...heads, path })).toBe(true)
      }
    }
  })

  it('are refused by name for what is not there', async () => {
    await postEntries(world, HOSPITAL, 2)
    await world.sealing.sealNext(HOSPITAL)
    const [id = ''] = await postEntries(world, HOSPITAL, 1)
    const { sealing } = world
    const wrong = [
      [() => sealing.headDetail({ ...OF, log: 'nothing' }, 'newest'), 'sealing.log_not_found'],
      [() => sealing.headDetail(OF, 1), 'sealing.head_not_found'],
      [() => sealing.inclusion(OF, { itemId: id }), 'sealing.item_not_sealed'],
      [() => sealing.inclusion(OF, { leafIndex: 2 }), 'sealing.item_not_sealed'],
      [() => sealing.consistency(OF, 2, 1), 'sealing.sizes_wrong'],
    ] as const
    for (const [doing, code] of wrong) await expect(doing()).rejects.toMatchObject({ code })
    await sealing.sealNext(HOSPITAL)
    const before = sealing.inclusion(OF, { itemId: id }, 2)
    await expect(before).rejects.toMatchObject({ code: 'sealing.leaf_not_in_tree' })
  })
})

it('what was made lately and waits to be sealed is counted, and no finding', async () => {
  await postEntries(world, HOSPITAL, 2)
  await world.sealing.sealNext(HOSPITAL)
  world.clock.set(addMs(world.clock.now(), MINUTE_MS))
  await postEntries(world, HOSPITAL, 3)
  const report = await verifyLog({ db: world.db, trusted: null, filed: null }, HOSPITAL, ledgerLog)
  expect(report).toMatchObject({ heads: 1, items: 2, waiting: 3, findings: [] })
})

const audited = (tx: Tx) =>
  createAudit(world)(tx, HOSPITAL, systemActor('test'), { action: 'test', subject: 'x' })
