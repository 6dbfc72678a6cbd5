import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { loanedOn, openAtHospital, overdueDaysOf, owedOn } from './bills.ts'
import { type Context, newNumber, nowMs, Refusal, today } from './context.ts'
import { decideLimit, findCustomer } from './customers.ts'

export type LineStatus = 'unsigned' | 'signed' | 'suspended' | 'ended'

/** What the bank grants a person by way of one partner. */
export type CreditLine = {
  accountNo: string
  partner: string
  /** The partner's name of the person. */
  userId: string
  idCardNo: string
  productCode: string
  limitFen: Fen
  /** Drawn by way of somebody else, against the same limit. */
  usedElsewhereFen: Fen
  status: LineStatus
  signedAt: Date | null
  endedAt: Date | null
}

export type LineApplication = {
  partner: string
  userId: string
  name: string
  idCardNo: string
  productCode: string
  wantedFen: Fen
}

/** Opens a line that is not signed yet. Throws 'not_eligible' for whoever gets none, or has one. */
export function applyForLine(context: Context, application: LineApplication): CreditLine {
  const { partner, userId, name, idCardNo, productCode, wantedFen } = application
  const product = context.products.get(productCode)
  if (!product) throw new Refusal('not_eligible', '无此产品')
  const customer = findCustomer(context, idCardNo)
  if (customer?.name !== name) throw new Refusal('not_eligible', '非本行客户或户名不符')
  const limitFen = decideLimit(customer, product, { wantedFen, on: today(context) })
  const known = context.store.get<{ status: LineStatus }>(
    `select status from credit_line where partner = ? and id_card_no = ? and status <> 'ended'`,
    [partner, idCardNo],
  )
  if (known) throw new Refusal('not_eligible', '已有授信')
  const accountNo = newNumber(context, 'LA')
  context.store.run(
    `insert into credit_line (account_no, partner, user_id, id_card_no, product_code, limit_fen, status)
     values (?, ?, ?, ?, ?, ?, 'unsigned')`,
    [accountNo, partner, userId, idCardNo, productCode, limitFen],
  )
  return mustFind(context, accountNo)
}

/** Makes the agreement hold; signed already, it stays as it was. Throws 'ended'. */
export function signLine(context: Context, { accountNo, status }: CreditLine): CreditLine {
  if (status === 'ended') throw new Refusal('ended', '协议已终止')
  if (status === 'unsigned') {
    context.store.run(
      `update credit_line set status = 'signed', signed_ms = ? where account_no = ?`,
      [nowMs(context), accountNo],
    )
  }
  return mustFind(context, accountNo)
}

/** Gives the agreement up, once. Throws 'owing' while anything is owed. */
export function endLine(context: Context, { accountNo, status }: CreditLine): CreditLine {
  if (owedOn(context, accountNo) > 0) throw new Refusal('owing', '尚有未还款项')
  if (status !== 'ended') {
    context.store.run(
      `update credit_line set status = 'ended', ended_ms = ? where account_no = ?`,
      [nowMs(context), accountNo],
    )
  }
  return mustFind(context, accountNo)
}

export type Standing = {
  line: CreditLine
  loanedFen: Fen
  remainingFen: Fen
  overdueDays: number
  /** Whether a draw would be taken now, of whatever is left. */
  mayDraw: boolean
}

export function standingOf(context: Context, line: CreditLine): Standing {
  const loanedFen = loanedOn(context, line.accountNo)
  const left = line.limitFen - loanedFen - line.usedElsewhereFen
  const remainingFen = fen(Math.max(0, left))
  const overdueDays = overdueDaysOf(context, line.accountNo)
  const mayDraw = line.status === 'signed' && overdueDays === 0 && remainingFen > 0
  return { line, loanedFen, remainingFen, overdueDays, mayDraw }
}

/** What may still be lent at a hospital, to all people together. Throws 'not_eligible' for one the bank does not serve. */
export function hospitalRemaining(context: Context, hospCode: string): Fen {
  const row = context.store.get<{ limit_fen: number }>(
    'select limit_fen from hospital where hosp_code = ?',
    [hospCode],
  )
  if (!row) throw new Refusal('not_eligible', '该医院未开通')
  return fen(Math.max(0, row.limit_fen - openAtHospital(context, hospCode)))
}

/** Throws why an amount cannot be drawn. */
export function refuseDraw(
  context: Context,
  line: CreditLine,
  { hospCode, amountFen }: { hospCode: string; amountFen: Fen },
): void {
  const atHospital = hospitalRemaining(context, hospCode)
  const { remainingFen, overdueDays } = standingOf(context, line)
  if (line.status === 'unsigned') throw new Refusal('not_signed', '尚未签约')
  if (line.status === 'suspended') throw new Refusal('suspended', '授信已暂停')
  if (line.status === 'ended') throw new Refusal('ended', '协议已终止')
  if (overdueDays > 0) throw new Refusal('overdue', '存在逾期')
  if (amountFen > remainingFen) throw new Refusal('over_limit', '超出可用额度')
  if (amountFen > atHospital) throw new Refusal('hospital_limit', '超出医院可用额度')
}

/** Throws 'no_account' for one that is not there, or another partner's, or another person's. */
export function lineOf(
  context: Context,
  { partner, accountNo, userId }: { partner: string; accountNo: string; userId: string },
): CreditLine {
  const line = findLine(context, accountNo)
  if (line?.partner !== partner || line.userId !== userId) {
    throw new Refusal('no_account', '无此授信账户')
  }
  return line
}

export function findLine({ store }: Context, accountNo: string): CreditLine | null {
  const row = store.get<LineRow>('select * from credit_line where account_no = ?', [accountNo])
  return row && toLine(row)
}

export const allLines = ({ store }: Context): CreditLine[] =>
  store.all<LineRow>('select * from credit_line order by account_no').map(toLine)

/** What the bank's own people change. */
export function changeLine(
  context: Context,
  accountNo: string,
  change: Partial<Pick<CreditLine, 'limitFen' | 'usedElsewhereFen' | 'status'>>,
): void {
  const line = { ...mustFind(context, accountNo), ...change }
  context.store.run(
    'update credit_line set limit_fen = ?, used_elsewhere_fen = ?, status = ? where account_no = ?',
    [line.limitFen, line.usedElsewhereFen, line.status, accountNo],
  )
}

/** The limit comes down to what is lent: nothing is left of it. */
export function lowerLimit(context: Context, accountNo: string): void {
  changeLine(context, accountNo, { limitFen: loanedOn(context, accountNo) })
}

/** Somebody else draws all that is left. */
export function overdraw(context: Context, accountNo: string): void {
  const { line, remainingFen } = standingOf(context, mustFind(context, accountNo))
  changeLine(context, accountNo, { usedElsewhereFen: fen(line.usedElsewhereFen + remainingFen) })
}

/** The file's hospitals keep the limit they have. */
export function openHospitals(
  { store }: Context,
  hospitals: readonly { hospCode: string; limitFen: Fen }[],
): void {
  for (const { hospCode, limitFen } of hospitals) {
    store.run('insert into hospital values (?, ?) on conflict do nothing', [hospCode, limitFen])
  }
}

export const setHospitalLimit = ({ store }: Context, hospCode: string, limitFen: Fen): void =>
  store.run('update hospital set limit_fen = ? where hosp_code = ?', [limitFen, hospCode])

function mustFind(context: Context, accountNo: string): CreditLine {
  const line = findLine(context, accountNo)
  assert(line, `line ${accountNo} is there`)
  return line
}

type LineRow = {
  account_no: string
  partner: string
  user_id: string
  id_card_no: string
  product_code: string
  limit_fen: number
  used_elsewhere_fen: number
  status: LineStatus
  signed_ms: number | null
  ended_ms: number | null
}

const toLine = (row: LineRow): CreditLine => ({
  accountNo: row.account_no,
  partner: row.partner,
  userId: row.user_id,
  idCardNo: row.id_card_no,
  productCode: row.product_code,
  limitFen: fen(row.limit_fen),
  usedElsewhereFen: fen(row.used_elsewhere_fen),
  status: row.status,
  signedAt: row.signed_ms === null ? null : new Date(row.signed_ms),
  endedAt: row.ended_ms === null ? null : new Date(row.ended_ms),
})
