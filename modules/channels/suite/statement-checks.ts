import { createHash } from 'node:crypto'

import { addFen, fen, ZERO } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import { type Move, type StatementAnswer, totalOf } from '../../payments/index.ts'
import type { ChannelBench } from './channel-bench.ts'
import { type ChannelCheck, defineCheck, expectOutcome, expectSame, expectThat } from './check.ts'
import { callFor, orderOver, paidOrder, pause, refundOf, returned } from './steps.ts'

export const statementChecks: readonly ChannelCheck[] = [
  defineCheck(
    'statement.today',
    { zh: '当日对账单尚未生成', en: 'the statement of today is not ready' },
    ['endDay'],
    async (bench) => {
      const order = bench.newOrder()
      const businessDate = businessDateOf(bench.clock.now())
      const answer = await bench.channel.statement(callFor(order), {
        hospitalId: order.hospitalId,
        businessDate,
        ownMoves: [],
      })
      expectOutcome('the statement of a day that has not ended', answer, ['not_ready'])
    },
  ),
  defineCheck(
    'statement.lines',
    {
      zh: '日终对账单与发生的钱逐笔一致',
      en: 'the statement of a day has exactly the moves of that day',
    },
    ['endDay', 'pay'],
    statementOfDay,
  ),
  defineCheck(
    'statement.empty',
    { zh: '无交易的日子对账单为空', en: 'the statement of a day without moves is empty' },
    ['endDay'],
    async (bench) => {
      const { hospitalId, ...order } = bench.newOrder()
      const businessDate = businessDateOf(bench.clock.now())
      await bench.endDay?.()
      const answer = await bench.channel.statement(callFor({ hospitalId, ...order }), {
        hospitalId,
        businessDate,
        ownMoves: [],
      })
      expectLines(answer, [])
    },
  ),
]

async function statementOfDay(bench: ChannelBench): Promise<void> {
  const businessDate = businessDateOf(bench.clock.now())
  const moves: Move[] = []
  for (const amountFen of [fen(12_345), fen(1), fen(6_789)]) {
    const paid = await paidOrder(bench, orderOver(bench, amountFen))
    moves.push(paid.move)
    if (amountFen > 1) {
      moves.push(await returned(bench, refundOf(bench, paid, fen(1_000))))
      await pause(bench)
    }
  }
  const order = bench.newOrder()
  const ownMoves = moves.filter((move) => businessDateOf(move.at) === businessDate)
  expectThat(ownMoves.length > 0, 'moves of the day', 'some', 'none')
  await bench.endDay?.()
  const { hospitalId } = order
  const request = { hospitalId, businessDate, ownMoves }
  const answer = await bench.channel.statement(callFor(order), request)
  expectLines(answer, ownMoves)
}

function expectLines(answer: StatementAnswer, moves: readonly Move[]): void {
  const told = expectOutcome('the statement of an ended day', answer, ['lines', 'compared'])
  const sha256 = createHash('sha256').update(told.content).digest('hex')
  expectSame('the SHA-256 of what is kept', told.sha256, sha256)
  if (told.outcome === 'compared') {
    const { agreed, theirsOnly, oursOnly, amountDiffers } = told
    const differences = { theirsOnly, oursOnly, amountDiffers }
    expectSame('what differs', differences, { theirsOnly: [], oursOnly: [], amountDiffers: [] })
    return expectSame('how many moves agree', agreed, moves.length)
  }
  const isFee = Number.isSafeInteger(told.feeFen) && told.feeFen >= 0
  expectThat(isFee, 'the fee', 'whole fen, zero or more', told.feeFen)
  expectLineFees(told)
  expectSame(
    'the lines of the statement',
    told.lines.map(lineText).sort(),
    moves.map(moveText).sort(),
  )
}

/** Where each line says its fee, they are the fee of the day. */
function expectLineFees({ lines, feeFen }: Extract<StatementAnswer, { outcome: 'lines' }>): void {
  const fees = lines.map((line) => line.feeFen ?? null).filter((one) => one !== null)
  const areThere = fees.length > 0 && fees.length === lines.length
  if (areThere) expectSame('the fees of the lines', addFen(ZERO, ...fees), feeFen)
}

const lineText = (line: { kind: string; ourNo: string; providerNo: string; amountFen: number }) =>
  [line.kind, line.ourNo, line.providerNo, line.amountFen].join(' ')

const moveText = (move: Move) => lineText({ ...move, amountFen: totalOf(move.parts) })
