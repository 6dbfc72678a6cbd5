import { addFen, type Fen, fen, minFen, negateFen, subtractFen } from '../../../kernel/money.ts'
import { billFor, billOf, findBillAbout, moveBill } from './bills.ts'
import { hospitalAccount, LOANS, post } from './books.ts'
import { type Context, newNumber, nowMs, Refusal, today } from './context.ts'
import { accountOf, customerOf } from './customers.ts'
import { type CreditLine, findLine, refuseDraw } from './lines.ts'

export type Draw = {
  flowId: string
  partner: string
  transNo: string
  billNo: string
  accountNo: string
  hospCode: string
  amountFen: Fen
  flushedFen: Fen
  at: Date
}

export type NewDraw = {
  partner: string
  transNo: string
  line: CreditLine
  hospCode: string
  visitNo: string | null
  amountFen: Fen
}

/** Lends an amount and owes it to the hospital. Throws why it does not. */
export function consume(context: Context, draw: NewDraw): Draw {
  const { partner, transNo, line, hospCode, visitNo, amountFen } = draw
  refuseDraw(context, line, { hospCode, amountFen })
  const product = context.products.get(line.productCode)
  if (!product) throw new Refusal('not_eligible', '无此产品')
  const { accountNo } = line
  const known = visitNo === null ? null : findBillAbout(context, accountNo, { visitNo })
  if (known && known.hospCode !== hospCode) {
    throw new Refusal('not_eligible', '该就诊属于其他医院')
  }
  const bill = billFor(context, { accountNo, hospCode, visitNo, transNo, product })
  moveBill(context, bill, { drawn: amountFen, open: amountFen })
  const flowId = newNumber(context, 'LC')
  context.store.run(
    `insert into draw (flow_id, partner, trans_no, bill_no, account_no, hosp_code, amount_fen, at_ms,
       on_day)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      flowId,
      partner,
      transNo,
      bill.billNo,
      accountNo,
      hospCode,
      amountFen,
      nowMs(context),
      today(context),
    ],
  )
  post(context, flowId, [
    [LOANS, amountFen],
    [hospitalAccount(hospCode), negateFen(amountFen)],
  ])
  return drawOf(context, flowId)
}

export type Flush = {
  flowId: string
  flushNo: string
  drawFlowId: string
  amountFen: Fen
  at: Date
}

/**
 * Takes a draw back, in whole or in part: the hospital gives it back, what is open on the bill goes down, and what had
 * been repaid goes to the person's account. Throws 'no_such_number' or 'amount_wrong'.
 */
export function flush(
  context: Context,
  order: { partner: string; flushNo: string; drawFlowId: string; amountFen: Fen },
): Flush {
  const { partner, flushNo, drawFlowId, amountFen } = order
  const draw = findDraw(context, drawFlowId)
  const line = draw && findLine(context, draw.accountNo)
  if (!line || draw.partner !== partner) throw new Refusal('no_such_number', '无此消费流水')
  if (addFen(draw.flushedFen, amountFen) > draw.amountFen) {
    throw new Refusal('amount_wrong', '冲正金额超出消费金额')
  }
  const bill = billOf(context, draw.billNo)
  const principalFen = minFen(bill.openFen, amountFen)
  moveBill(context, bill, { drawn: 0 - amountFen, open: 0 - principalFen })
  context.store.run('update draw set flushed_fen = flushed_fen + ? where flow_id = ?', [
    amountFen,
    drawFlowId,
  ])
  const flowId = newNumber(context, 'LF')
  context.store.run(
    `insert into flush (flow_id, partner, flush_no, draw_flow_id, hosp_code, amount_fen,
       principal_fen, at_ms, on_day)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      flowId,
      partner,
      flushNo,
      drawFlowId,
      draw.hospCode,
      amountFen,
      principalFen,
      nowMs(context),
      today(context),
    ],
  )
  const { bankAccount } = customerOf(context, line.idCardNo)
  post(context, flowId, [
    [hospitalAccount(draw.hospCode), amountFen],
    [LOANS, negateFen(principalFen)],
    [accountOf(bankAccount), negateFen(subtractFen(amountFen, principalFen))],
  ])
  return { flowId, flushNo, drawFlowId, amountFen, at: context.clock.now() }
}

export function findDraw({ store }: Context, flowId: string): Draw | null {
  const row = store.get<DrawRow>('select * from draw where flow_id = ?', [flowId])
  return row && toDraw(row)
}

export function findDrawByNo(
  { store }: Context,
  { partner, transNo }: { partner: string; transNo: string },
): Draw | null {
  const row = store.get<DrawRow>('select * from draw where partner = ? and trans_no = ?', [
    partner,
    transNo,
  ])
  return row && toDraw(row)
}

export const allDraws = ({ store }: Context): Draw[] =>
  store.all<DrawRow>('select * from draw order by at_ms, flow_id').map(toDraw)

export const allFlushes = ({ store }: Context): Flush[] =>
  store
    .all<{
      flow_id: string
      flush_no: string
      draw_flow_id: string
      amount_fen: number
      at_ms: number
    }>('select * from flush order by at_ms, flow_id')
    .map((row) => ({
      flowId: row.flow_id,
      flushNo: row.flush_no,
      drawFlowId: row.draw_flow_id,
      amountFen: fen(row.amount_fen),
      at: new Date(row.at_ms),
    }))

function drawOf(context: Context, flowId: string): Draw {
  const draw = findDraw(context, flowId)
  if (!draw) throw new Refusal('no_such_number', '无此消费流水')
  return draw
}

type DrawRow = {
  flow_id: string
  partner: string
  trans_no: string
  bill_no: string
  account_no: string
  hosp_code: string
  amount_fen: number
  flushed_fen: number
  at_ms: number
}

const toDraw = (row: DrawRow): Draw => ({
  flowId: row.flow_id,
  partner: row.partner,
  transNo: row.trans_no,
  billNo: row.bill_no,
  accountNo: row.account_no,
  hospCode: row.hosp_code,
  amountFen: fen(row.amount_fen),
  flushedFen: fen(row.flushed_fen),
  at: new Date(row.at_ms),
})
