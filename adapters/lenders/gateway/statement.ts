import { createHash } from 'node:crypto'

import { fen } from '../../../kernel/money.ts'
import { addDays, businessDateOf, HOUR_MS, instantAt } from '../../../kernel/time.ts'
import type { DayAnswer, DayLine, DayRequest, Lender } from '../../../modules/credit/index.ts'
import { momentOf, NOT_READY, StatementData, unknown } from './answers.ts'
import type { Ask } from './client.ts'
import { hospCodeOf } from './hospitals.ts'
import type { GatewayParams } from './params.ts'

type Unreadable = Extract<DayAnswer, { outcome: 'refused' }>

/** The bank's list of a day: believed whole, or not at all. */
export const createStatement = (ask: Ask, params: GatewayParams): Pick<Lender, 'dayStatement'> => ({
  async dayStatement(call, request) {
    const hospCode = hospCodeOf(params, request.careHospitalId)
    if (hospCode === null) {
      return { outcome: 'unknown', reason: 'the bank does not serve the hospital' }
    }
    // What is proven to be the bank's and cannot be trusted all the same is no yes and no silence.
    let unreadable: Unreadable | null = null
    const answer = await ask<DayAnswer>(call, {
      service: 'loan.statement.day',
      fields: { hospCode, date: request.businessDate },
      read(data, text) {
        const reading = readStatement(data, { ...request, hospCode, text })
        if (reading.outcome === 'refused') unreadable = reading
        return reading
      },
      onCode: (code) => (code === NOT_READY ? notReady(request) : null),
      onEncoding: () => void (unreadable = wrong('encoding', 'it is not in UTF-8')),
    })
    if (unreadable !== null) return unreadable
    // A refusal of the list as such says nothing about its content.
    return answer.outcome === 'refused' ? unknown(answer.reason) : answer
  },
})

/** An hour after the end of the day. */
const notReady = ({ businessDate }: DayRequest): DayAnswer => ({
  outcome: 'not_ready',
  reason: 'the bank has not made it yet',
  notBefore: new Date(instantAt(addDays(businessDate, 1)).getTime() + HOUR_MS),
})

type Asked = DayRequest & { hospCode: string; text: string }

function readStatement(data: unknown, asked: Asked): DayAnswer {
  if (!StatementData.Check(data)) return wrong('layout', 'a field is missing or out of shape')
  if (data.date !== asked.businessDate || data.hospCode !== asked.hospCode) {
    return wrong('layout', `it is of ${data.hospCode} on ${data.date}`)
  }
  const { list } = data
  if (list.length !== data.totalCount) {
    return wrong('truncated', `${list.length} of ${data.totalCount} lines`)
  }
  const text = list.map((row) =>
    [row.type, row.transNo, row.sFlowId, row.cash, row.transTime].join('|'),
  )
  if (createHash('sha256').update(text.join('\n')).digest('hex') !== data.listSha256) {
    return wrong('hash', 'the lines have another digest')
  }
  const net = list.reduce((sum, row) => sum + (row.type === 'CONSUME' ? row.cash : -row.cash), 0)
  if (net !== data.netAmt) return wrong('sums', `the lines come to ${net}, not ${data.netAmt}`)
  const lines = list.map((row) => readLine(row, asked))
  const read = lines.filter((line) => line !== null)
  if (read.length !== lines.length) return wrong('layout', 'a line is of another day')
  return { outcome: 'lines', lines: read, content: asked.text }
}

type Row = { type: string; transNo: string; sFlowId: string; cash: number; transTime: string }

function readLine(row: Row, { businessDate }: DayRequest): DayLine | null {
  const at = momentOf(row.transTime)
  if (at === null || businessDateOf(at) !== businessDate) return null
  return {
    kind: row.type === 'CONSUME' ? 'draw' : 'reversal',
    ourNo: row.transNo,
    lenderNo: row.sFlowId,
    amountFen: fen(row.cash),
    at,
  }
}

const wrong = (code: Unreadable['code'], reason: string): Unreadable => ({
  outcome: 'refused',
  code,
  reason,
})
