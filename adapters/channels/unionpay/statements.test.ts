import { createHash } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import type { Move } from '../../../modules/payments/index.ts'
import { type Bed, startBed } from './testing/bed.ts'
import { answerWith, CARD_NO, fileAnswer, listOf, type Row } from './testing/files.ts'
import type { Reply } from './testing/gateway.ts'
import { tracedCall } from './testing/orders.ts'

const NONE = { respCode: '98', respMsg: '文件不存在' }
const DAY = businessDate('2026-11-21')

const row = (number: number, time: string, changes: Partial<Row> = {}): Row => ({
  orderId: `ORDER${String(number).padStart(8, '0')}`,
  queryId: `20261121000000${String(number).padStart(7, '0')}`,
  time,
  amountFen: 10_000,
  feeFen: 60,
  ...changes,
})

let bed: Bed
beforeAll(async () => {
  bed = await startBed()
})
afterAll(() => bed.stop())
beforeEach(() => {
  bed.setNow('2026-11-23T09:00:00')
  bed.gateway.heard.length = 0
})

async function statement(replies: Reply[], ownMoves: Move[] = []) {
  bed.gateway.tell(...replies)
  const call = tracedCall()
  const request = { hospitalId: 1 as HospitalId, businessDate: DAY, ownMoves }
  return { answer: await bed.channelWith().statement(call, request), call }
}
const ofOne = async (rows: Row[] | Buffer) =>
  (await statement([fileAnswer('261121', Buffer.isBuffer(rows) ? rows : listOf(rows)), NONE]))
    .answer
const moveAt = (at: string): Move => ({
  kind: 'charge',
  ourNo: 'ORDER00000001',
  providerNo: '202611210000000000001',
  parts: [{ kind: 'self_pay', amountFen: fen(1) }],
  at: new Date(`${at}+08:00`),
})

describe('the statement of a business date', () => {
  it('is made of two settlement files, of each the rows of that day', async () => {
    const { answer } = await statement([
      fileAnswer(
        '261121',
        listOf([
          row(1, '1120230500'), // the evening before: of the business date before
          row(2, '1121000000'),
          row(3, '1121225959', { txnType: '04', amountFen: 2_500, feeFen: 15 }),
        ]),
      ),
      fileAnswer(
        '261122',
        listOf([
          row(4, '1121230000'),
          row(5, '1121235959', { txnType: '31', feeFen: 60 }),
          row(6, '1122000000'),
        ]),
      ),
    ])
    if (answer.outcome !== 'lines') throw new Error(JSON.stringify(answer))
    expect(answer.lines.map(({ kind, ourNo, amountFen }) => [kind, ourNo, amountFen])).toEqual([
      ['charge', 'ORDER00000002', 10_000],
      ['return', 'ORDER00000003', 2_500],
      ['charge', 'ORDER00000004', 10_000],
      ['return', 'ORDER00000005', 10_000],
    ])
    expect(answer.lines[0]?.at).toEqual(new Date('2026-11-21T00:00:00+08:00'))
    expect(answer.lines.map(({ feeFen }) => feeFen)).toEqual([60, -15, 60, -60])
    expect(answer.feeFen).toBe(60 - 15 + 60 - 60)
    expect(answer.sha256).toBe(createHash('sha256').update(answer.content).digest('hex'))
    expect(answer.content).toContain('市第一医院')
    expect(answer.content).toContain('621700*********5220')
    expect(answer.content).not.toContain(CARD_NO)
    const asked = bed.gateway.heard.map(({ path, fields }) => [path, fields['settleDate']])
    expect(asked).toEqual([
      ['/', '1121'],
      ['/', '1122'],
    ])
  })

  it('tells each row on exactly one date, also one that settled late', async () => {
    const answer = await ofOne([row(1, '1119100000'), row(2, '1120100000'), row(3, '1121100000')])
    bed.setNow('2026-11-23T12:00:00')
    expect(answer.outcome).toBe('not_ready')
    const late = await ofOne([row(1, '1119100000'), row(2, '1120100000'), row(3, '1121100000')])
    if (late.outcome !== 'lines') throw new Error(JSON.stringify(late))
    expect(late.lines.map((line) => line.ourNo)).toEqual(['ORDER00000001', 'ORDER00000003'])
  })

  it('knows the year of a file and of its rows at the turn of one', async () => {
    bed.setNow('2027-01-03T12:00:00')
    bed.gateway.tell(
      fileAnswer('261231', listOf([row(1, '1231100000')])),
      fileAnswer('270101', listOf([row(2, '1231233000'), row(3, '0101003000')])),
    )
    const request = { hospitalId: 1 as HospitalId, businessDate: businessDate('2026-12-31') }
    const answer = await bed.channelWith().statement(tracedCall(), { ...request, ownMoves: [] })
    if (answer.outcome !== 'lines') throw new Error(JSON.stringify(answer))
    expect(answer.lines.map((line) => line.at)).toEqual([
      new Date('2026-12-31T10:00:00+08:00'),
      new Date('2026-12-31T23:30:00+08:00'),
    ])
  })

  it('is not ready before the morning after next, and nobody is asked', async () => {
    bed.setNow('2026-11-23T08:59:59')
    expect((await statement([])).answer).toMatchObject({ outcome: 'not_ready' })
    expect(bed.gateway.heard).toEqual([])
  })

  it('is empty when there is no file, our books have nothing, and it is late enough', async () => {
    expect((await statement([NONE, NONE])).answer).toMatchObject({ outcome: 'not_ready' })
    bed.setNow('2026-11-23T12:00:00')
    expect((await statement([NONE, NONE])).answer).toMatchObject({ outcome: 'lines', lines: [] })
    for (const at of ['2026-11-21T10:00:00', '2026-11-21T23:10:00']) {
      const { answer } = await statement([NONE, NONE], [moveAt(at)])
      expect(answer).toMatchObject({ outcome: 'not_ready' })
    }
    const { answer } = await statement(
      [NONE, fileAnswer('261122', listOf([row(1, '1121231000')]))],
      [moveAt('2026-11-21T23:10:00')],
    )
    expect(answer).toMatchObject({ outcome: 'lines', lines: [{ ourNo: 'ORDER00000001' }] })
  })

  it.each<[string, Reply]>([
    ['nobody answers', 'hang_up'],
    ['UnionPay is busy', { respCode: '06' }],
    ['the answer is forged', { answer: { respCode: '00' }, spoil: (text) => `${text}x` }],
    ['the file is of another date', { ...fileAnswer('261121', listOf([])), settleDate: '1120' }],
  ])('is unknown when %s', async (_name, reply) => {
    expect((await statement([reply, reply])).answer).toMatchObject({ outcome: 'unknown' })
  })

  it('leaves a trace without the file', async () => {
    const { call } = await statement([fileAnswer('261121', listOf([row(1, '1121100000')])), NONE])
    expect(call.exchanges).toHaveLength(2)
    expect(call.exchanges[0]?.response).toContain('fileContent=***')
  })
})

describe('a file is refused whole', () => {
  it.each<[string, string, Partial<Row>]>([
    ['of another merchant', 'layout', { columns: { 28: '777290058110048' } }],
    ['with a type that is not known', 'layout', { txnType: '02' }],
    ['with a time that is none', 'layout', { time: '1341100000' }],
    ['with an amount that is none', 'layout', { columns: { 7: '0000000100.0' } }],
    ['with a fee without a side', 'layout', { columns: { 16: '0000000000060' } }],
    ['with an order number that is none', 'layout', { orderId: '' }],
    ['whose amounts do not add up', 'sums', { columns: { 17: 'C000000010000' } }],
    ['whose amounts have the wrong side', 'sums', { columns: { 17: 'D000000009940' } }],
  ])('for a row %s', async (_name, code, changes) => {
    const answer = await ofOne([row(1, '1121100000'), row(2, '1121100001', changes)])
    expect(answer).toMatchObject({ outcome: 'refused', code })
    expect(JSON.stringify(answer)).toContain('row 2')
  })

  it('but a discount settles by rules of its own', async () => {
    bed.setNow('2026-11-23T12:00:00')
    const columns = { 17: 'C000000009000', 36: 'D000000000940' }
    expect(await ofOne([row(1, '1121100000', { columns })])).toMatchObject({ outcome: 'lines' })
  })

  it('for a transaction that stands twice', async () => {
    const answer = await ofOne([row(1, '1121100000'), row(1, '1121100000')])
    expect(answer).toMatchObject({ outcome: 'refused', code: 'sums' })
  })

  it('for rows of another length, or bytes that are no GBK', async () => {
    const list = listOf([row(1, '1121100000'), row(2, '1121100001')])
    expect(await ofOne(list.subarray(0, -40))).toMatchObject({ code: 'truncated' })
    expect(await ofOne(Buffer.from('S22 01045840\r\n'))).toMatchObject({ code: 'truncated' })
    const place =
      list.indexOf(Buffer.from('S22')) + list.subarray(0, 700).indexOf(Buffer.from([0xca, 0xd0]))
    const broken = Buffer.from(list)
    broken.writeUInt8(0xff, place)
    expect(await ofOne(broken)).toMatchObject({ code: 'encoding' })
  })

  it('for a ZIP that is cut or damaged, at every layer', async () => {
    const whole = fileAnswer('261121', listOf([row(1, '1121100000')]))
    const packed = Buffer.from(whole.fileContent, 'base64')
    const cut = { ...whole, fileContent: packed.subarray(0, -8).toString('base64') }
    expect((await statement([cut])).answer).toMatchObject({ code: 'truncated' })
    const changed = Buffer.from(packed)
    changed.writeUInt8(changed.readUInt8(60) ^ 0xff, 60)
    const damaged = { ...whole, fileContent: changed.toString('base64') }
    expect((await statement([damaged])).answer.outcome).toBe('refused')
    expect((await statement([answerWith(Buffer.from('PK'))])).answer).toMatchObject({
      code: 'truncated',
    })
    expect((await statement([{ respCode: '00' }])).answer).toMatchObject({ code: 'truncated' })
  })

  it('that is of another year, or holds no list', async () => {
    const old = fileAnswer('251121', listOf([row(1, '1121100000')]))
    expect((await statement([old])).answer).toMatchObject({ code: 'layout' })
    const other = fileAnswer('261121', listOf([]), '777290058110048')
    expect((await statement([other])).answer).toMatchObject({ code: 'layout' })
  })
})
