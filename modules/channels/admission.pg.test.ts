import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addDays, addMs, businessDateOf, DAY_MS, instantAt, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { type Bed, HOSPITAL, openBed, terms } from './testing/bed.ts'

let bed: Bed

beforeAll(async () => {
  bed = await openBed()
  await bed.ask('PUT', '/wechat', terms())
  await bed.tier('wechat', 'core')
})
afterAll(() => bed.close())

describe('the admission', () => {
  const paper = { reference: 'Z2001-33', validUntil: '2027-12-31', note: '' }
  const KINDS = ['payment_licence', 'agreement', 'security_assessment', 'data_protection']

  it('[P4] follows what was shown and what was measured, and is granted by people', async () => {
    const first = await bed.ask('POST', '/wechat/reports')
    expect(first).toMatchObject({ status: 201, body: { eligibleTier: null } })
    expect(await bed.tier('wechat', 'core', false)).toMatchObject({
      status: 422,
      body: { code: 'channels.tier_not_earned', params: { tier: 'core', eligible: 'none' } },
    })

    for (const kind of KINDS) {
      expect((await bed.ask('PUT', `/wechat/documents/${kind}`, paper)).status).toBe(200)
    }
    expect((await bed.ask('POST', '/wechat/reports')).body.eligibleTier).toBe('auxiliary')
    expect((await bed.tier('wechat', 'auxiliary', false)).status).toBe(201)

    await measure(1_000)
    const yesterday = addDays(businessDateOf(bed.clock.now()), -1)
    const receivedAt = addMs(instantAt(yesterday, '10:10:00'), DAY_MS)
    bed.facts.lists = {
      arrivals: [{ businessDate: yesterday, receivedAt }],
      comparisons: [
        {
          businessDate: yesterday,
          comparedAt: receivedAt,
          rows: 5_000,
          differences: 0,
          amountFen: fen(500_000),
          differenceFen: fen(0),
        },
      ],
    }
    const report = await bed.ask('POST', '/wechat/reports', undefined, 'finance')
    expect(report.body).toMatchObject({ eligibleTier: 'core', channel: 'wechat' })
    expect(report.body.dimensions).toMatchObject([
      { name: 'compliance', verdict: 'passed', score: 100 },
      {
        name: 'technology',
        findings: [
          { code: 'response_time', params: { p99Ms: 200, mostMs: 500, calls: 1_000 } },
          { code: 'availability', params: { availabilityPpm: 1_000_000 } },
        ],
      },
      { name: 'service', verdict: 'passed' },
      { name: 'cost', verdict: 'passed', score: 75 },
    ])
    const granted = await bed.tier('wechat', 'core', false)
    expect(granted).toMatchObject({
      status: 201,
      body: { tier: 'core', byException: false, reportId: report.body.id },
    })
    const { body } = await bed.ask('GET', '/wechat/reports?limit=2', undefined, 'auditor')
    expect(body.items.map(({ eligibleTier }: { eligibleTier: string }) => eligibleTier)).toEqual([
      'core',
      'auxiliary',
    ])
    const rest = await bed.ask('GET', `/wechat/reports?before=${body.items[1].id}`)
    expect(rest.body.items).toEqual([first.body])
  })

  it('[P4] is withdrawn with a reason, and the channel is offered no more', async () => {
    expect((await bed.tier('wechat', null, false)).status).toBe(201)
    expect((await bed.tryOut()).rejected).toMatchObject([
      { channel: 'wechat', reason: { code: 'not_admitted' } },
    ])
    await bed.tier('wechat', 'core', false)
    const { body } = await bed.ask('GET', '/wechat/tier-changes')
    const tiers = body.items.map((change: { tier: string | null }) => change.tier)
    expect(tiers).toEqual(['core', null, 'core', 'auxiliary', 'core'])
    expect(body.items.at(-1)).toMatchObject({
      byException: true,
      reportId: null,
      reason: '首批上线',
    })
  })

  it('fails when a document is taken out or runs out', async () => {
    const verdict = async () =>
      (await bed.ask('POST', '/wechat/reports')).body.dimensions[0].verdict as string
    expect((await bed.ask('DELETE', '/wechat/documents/agreement')).status).toBe(204)
    expect(await verdict()).toBe('failed')
    expect(await bed.ask('DELETE', '/wechat/documents/agreement')).toMatchObject({
      status: 404,
      body: { code: 'channels.document_not_found' },
    })
    await bed.ask('PUT', '/wechat/documents/agreement', { ...paper, validUntil: '2026-11-20' })
    expect(await verdict()).toBe('failed')
    await bed.ask('PUT', '/wechat/documents/agreement', { ...paper, validUntil: null })
    expect(await verdict()).toBe('passed')
    const listed = await bed.ask('GET', '/wechat/documents')
    expect(listed.body.items).toHaveLength(4)
    expect(listed.body.items[0]).toMatchObject({ kind: 'agreement', validUntil: null })
    const wrong = await bed.ask('PUT', '/wechat/documents/agreement', {
      ...paper,
      validUntil: '2026',
    })
    expect(wrong.status).toBe(400)
  })

  it('keeps reports and changes of tier as they were written', async () => {
    for (const table of ['report', 'tier_change']) {
      const change = inHospital(bed.db, HOSPITAL, (tx) =>
        sql.raw(`update channels.${table} set channel = 'x' where hospital_id = 1`).execute(tx),
      )
      await expect(change).rejects.toThrow(/permission denied/)
    }
  })
})

/** So many good calls of WeChat, lately. */
async function measure(calls: number): Promise<void> {
  for (let i = 0; i < calls; i++) {
    bed.channels.observe({
      hospitalId: HOSPITAL,
      channel: 'wechat',
      operation: 'query',
      outcome: 'pending',
      durationMs: 150,
      at: bed.clock.now(),
    })
  }
  await bed.channels.syncHealth(HOSPITAL)
  bed.clock.advance(MINUTE_MS)
}
