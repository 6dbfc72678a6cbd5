import { createHash } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { Move, StatementAnswer } from '../payments/index.ts'
import type { DifferenceRow } from './insurance-centre.ts'
import { createFixture, type Fixture, HOSPITAL, refundOrder, settled } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => void (fixture = createFixture(db, `statement-${seed++}`)))

const date = businessDate('2026-11-21')
const statement = (ownMoves: Move[]): Promise<StatementAnswer> =>
  fixture.start().statement(fixture.call, { hospitalId: HOSPITAL, businessDate: date, ownMoves })

/** A charge that was given back, and the two moves of it. */
async function chargeAndReturn(): Promise<[Move, Move]> {
  const { order, move, insurance } = await settled(fixture)
  const answer = await insurance.refund(fixture.call, refundOrder(fixture, order))
  if (answer.outcome !== 'confirmed' || !answer.moves[0]) throw new Error('no return')
  return [move, answer.moves[0]]
}

const row = (move: Partial<Move>, changes: Partial<DifferenceRow>): DifferenceRow => ({
  psnNo: 'P1',
  mdtrtId: 'M1',
  setlId: move.providerNo ?? '',
  msgid: move.ourNo ?? '',
  result: 'agrees',
  isReturn: move.kind === 'return',
  memo: '',
  theirs: null,
  ...changes,
})

describe('a closed day', () => {
  it('that the centre finds equal is told without its files', async () => {
    const moves = await chargeAndReturn()
    const answer = await statement(moves)
    expect(answer).toMatchObject({
      outcome: 'compared',
      agreed: 2,
      theirsOnly: [],
      oursOnly: [],
      amountDiffers: [],
    })
    if (answer.outcome !== 'compared') return
    expect(answer.content).toContain('310\t11\t370200\tagrees')
    expect(answer.sha256).toBe(createHash('sha256').update(answer.content).digest('hex'))
    expect(fixture.centre.log.some((message) => message.infno === '9101')).toBe(false)
  })

  it('without any of ours is compared all the same', async () => {
    const answer = await statement([])
    expect(answer).toMatchObject({ outcome: 'compared', agreed: 0 })
    expect(fixture.centre.log.map((message) => message.infno)).toEqual(['3201', '3201'])
  })

  it('uploads the moves of our books, returns below zero', async () => {
    const moves = await chargeAndReturn()
    await statement(moves.slice(0, 1)) // the return is missing in the books
    expect(fixture.centre.comparison.uploaded).toMatchObject([
      { setlId: moves[0].providerNo, totalFen: 38_850, fundFen: 19_040, accountFen: 5_000 },
    ])
    fixture.centre.fault('3201', 'lost_answer')
    const both = await statement(moves)
    expect(both.outcome).toBe('unknown')
  })

  it('tells what only the centre has, with the amount of its file', async () => {
    const [charge] = await chargeAndReturn()
    const alien = { kind: 'charge' as const, ourNo: 'MSG-X', providerNo: 'S-X' }
    const theirs = { totalFen: fen(900), fundFen: fen(500), accountFen: fen(100) }
    fixture.centre.comparison.rows = [row(alien, { result: 'theirs_only', theirs })]
    const answer = await statement([charge])
    expect(answer).toMatchObject({
      agreed: 1,
      theirsOnly: [{ ...alien, amountFen: 600, at: null }],
    })
  })

  it('asks for the amount where the file carries none', async () => {
    const [charge, back] = await chargeAndReturn()
    fixture.centre.comparison.rows = [row(back, { result: 'theirs_only' })]
    const answer = await statement([charge])
    const { kind, ourNo, providerNo, at } = back
    expect(answer).toMatchObject({
      theirsOnly: [{ kind, ourNo, providerNo, amountFen: 24_040, at }],
    })
    fixture.centre.comparison.rows = [row({ providerNo: 'S-?' }, { result: 'theirs_only' })]
    expect((await statement([charge])).outcome).toBe('unknown')
  })

  it('tells what only we have, and what differs', async () => {
    const [charge, back] = await chargeAndReturn()
    const { move: other } = await settled(fixture)
    const theirs = { totalFen: fen(38_850), fundFen: fen(19_000), accountFen: fen(5_000) }
    fixture.centre.comparison.rows = [
      row(charge, { result: 'ours_only', msgid: '' }),
      row(back, { result: 'agrees' }),
      row(other, { result: 'differs', theirs }),
    ]
    fixture.centre.settlements.length = 0
    const answer = await statement([charge, back, other])
    expect(answer).toMatchObject({
      outcome: 'compared',
      agreed: 1,
      oursOnly: [{ kind: 'charge', ourNo: charge.ourNo }],
      amountDiffers: [{ kind: 'charge', ourNo: other.ourNo, theirsFen: 24_000 }],
    })
  })

  it('does not take a return that counts above zero for a difference', async () => {
    const [charge, back] = await chargeAndReturn()
    const above = { totalFen: fen(38_850), fundFen: fen(19_040), accountFen: fen(5_000) }
    fixture.centre.comparison.rows = [row(back, { result: 'differs', theirs: above })]
    fixture.centre.settlements.length = 0
    expect(await statement([charge, back])).toMatchObject({ agreed: 2, amountDiffers: [] })
  })

  it('calls a move of which there is no settlement ours only', async () => {
    const [charge] = await chargeAndReturn()
    const unproven = { ...charge, ourNo: 'H99010000001202611211000009999' }
    expect(await statement([charge, unproven])).toMatchObject({
      agreed: 1,
      oursOnly: [{ kind: 'charge', ourNo: unproven.ourNo }],
    })
  })

  it('is not ready when the centre will not compare', async () => {
    fixture.centre.fault('3201', { refuse: '当日不可对账' })
    expect(await statement([])).toEqual({ outcome: 'not_ready', reason: '当日不可对账' })
  })

  it.each(['3201', '9101', '3202', '9102'])('is unknown while %s gets no answer', async (infno) => {
    const [charge] = await chargeAndReturn()
    fixture.centre.fault(infno, 'lost_answer')
    expect((await statement([charge])).outcome).toBe('unknown')
  })

  it('is refused whole with a file that is cut, or speaks of what we never sent', async () => {
    const [charge] = await chargeAndReturn()
    fixture.centre.comparison.rows = 'truncated'
    expect(await statement([charge])).toMatchObject({ outcome: 'refused', code: 'truncated' })
    fixture.centre.comparison.rows = [row({ providerNo: 'S-?' }, { result: 'ours_only' })]
    expect(await statement([charge])).toMatchObject({ outcome: 'refused', code: 'layout' })
  })
})
