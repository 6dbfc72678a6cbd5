import { addFen, type Fen, subtractFen } from '../../../../kernel/money.ts'
import { toShanghaiText } from '../../../../kernel/time.ts'
import type { Loss, LossLine } from '../core/benefit.ts'
import {
  aboutClaim,
  advance,
  cancel,
  type Claim,
  confirm,
  problemOf,
  query,
} from '../core/claims.ts'
import { type Context, faultKeyOf, Refusal } from '../core/context.ts'
import type { VisitKind } from '../core/products.ts'
import { refund, refundOf } from '../core/refunds.ts'
import type { Answer } from '../core/run-call.ts'
import { done, orderData, REMARKS, shareList } from './answers.ts'
import type { Fields } from './fields.ts'

/** What a path does with its fields for one hospital. Reading may throw before anything is done. */
export type Handler = (context: Context, hospital: string, fields: Fields) => Work
export type Work = { key: string; policyNo: string | null; perform(): Answer }

const LINES_MAX = 1_000
const NUMBER = /^[0-9A-Za-z_-]{1,64}$/
const VISIT_KINDS: Readonly<Record<string, VisitKind>> = {
  '1': 'registration',
  '2': 'outpatient',
  '3': 'online',
}

/** Keeps a visit's fees under the hospital's number, once. */
export const syncFees: Handler = (context, hospital, fields) => {
  const number = fields.match('feeRecordNumber', NUMBER)
  const loss = readLoss(fields)
  const visitNo = fields.text('visitNo')
  const digest = fields.digest()
  return {
    key: faultKeyOf(context, hospital, number, visitNo),
    policyNo: null,
    perform() {
      const known = findFees(context, hospital, number)
      if (known && known.digest !== digest) {
        throw new Refusal('different', '费用记录号已用于其他内容')
      }
      context.store.run('insert into fee_record values (?, ?, ?, ?) on conflict do nothing', [
        hospital,
        number,
        digest,
        JSON.stringify({ ...loss, visitNo }),
      ])
      return done({ feeRecordNumber: number })
    },
  }
}

export const advanceOrder: Handler = (context, hospital, fields) => {
  const requestNo = fields.match('requireCode', NUMBER)
  const visitNo = fields.text('visitNo')
  const policyNo = fields.text('policyNo')
  const feeRecordNumber = fields.match('feeRecordNumber', NUMBER)
  const idCardNo = fields.match('certNo', /^[0-9A-Z]{6,20}$/)
  return {
    key: faultKeyOf(context, hospital, requestNo, visitNo),
    policyNo,
    perform() {
      const loss = findFees(context, hospital, feeRecordNumber)?.loss
      if (!loss) throw new Refusal('fee_record_not_found', '无此费用记录')
      checkTotals(fields, loss, visitNo)
      const claim = advance(context, {
        hospital,
        requestNo,
        policyNo,
        idCardNo,
        visitNo,
        loss,
        digest: fields.digest(),
      })
      return done(advanceData(claim))
    },
  }
}

export const confirmOrder: Handler = (context, hospital, fields) => {
  const number = { hospital, claimNo: fields.text('directPayNo') }
  const amountFen = fields.amount('directPayAmount')
  return {
    ...aboutClaim(context, number),
    perform() {
      const claim = confirm(context, number, amountFen)
      const problem = problemOf(claim)
      if (problem === null) return done(orderData(claim))
      // Said as an answer, not thrown: that the claim failed is kept.
      return { status: 200, body: { ...failedBody(problem), data: orderData(claim) } }
    },
  }
}

export const queryOrder: Handler = (context, hospital, fields) => {
  const requestNo = fields.match('requireCode', NUMBER)
  return {
    key: faultKeyOf(context, hospital, requestNo, null),
    policyNo: null,
    perform: () => done(orderData(query(context, { hospital, requestNo }))),
  }
}

export const cancelOrder: Handler = (context, hospital, fields) => {
  const requestNo = fields.match('requireCode', NUMBER)
  return {
    key: faultKeyOf(context, hospital, requestNo, null),
    policyNo: null,
    perform: () => done(orderData(cancel(context, { hospital, requestNo }))),
  }
}

export const refundOrder: Handler = (context, hospital, fields) => {
  const refundNo = fields.match('refundNo', NUMBER)
  const claim = { hospital, claimNo: fields.text('directPayNo') }
  const amountFen = fields.amount('refundAmount')
  if (amountFen < 1) throw fields.wrong('refundAmount')
  const { key } = aboutClaim(context, claim)
  return {
    key: faultKeyOf(context, hospital, refundNo, `refund of ${key}`),
    policyNo: null,
    perform: () => done(refundData(refund(context, { hospital, refundNo, claim, amountFen }))),
  }
}

export const queryRefund: Handler = (context, hospital, fields) => {
  const refundNo = fields.match('refundNo', NUMBER)
  return {
    key: faultKeyOf(context, hospital, refundNo, null),
    policyNo: null,
    perform: () => done(refundData(refundOf(context, { hospital, refundNo }))),
  }
}

function failedBody(problem: Refusal): object {
  const codes: Record<string, string> = { policy_ended: '3003', expired: '4003', cancelled: '4002' }
  return { code: codes[problem.kind] ?? '1999', message: problem.message }
}

function advanceData(claim: Claim): object {
  const { figures } = claim
  return {
    ...orderData(claim),
    personalPayAmount: subtractFen(claim.totalFen, claim.benefitFen),
    deductibleAmount: claim.deductibleFen,
    feeShareList: shareList(figures),
    remark: figures.remark === null ? '' : REMARKS[figures.remark],
    expireTime: toShanghaiText(claim.expiresAt),
  }
}

const refundData = (made: ReturnType<typeof refundOf>): object => ({
  refundNo: made.refundNo,
  directPayNo: made.claimNo,
  directRefundNo: made.returnNo,
  refundAmount: made.amountFen,
  refundTime: toShanghaiText(made.refundedAt),
})

function readLoss(fields: Fields): Loss {
  const kind = VISIT_KINDS[fields.text('visitType')]
  if (!kind) throw fields.wrong('visitType')
  const lines = fields.list('feeList', 1, LINES_MAX).map(readLine)
  const totalFen = fields.amount('totalAmount')
  if (addFen(...lines.map((line) => line.amountFen)) !== totalFen) throw fields.wrong('totalAmount')
  if (new Set(lines.map(({ lineNo }) => lineNo)).size !== lines.length) {
    throw fields.wrong('feeList')
  }
  return {
    visitKind: kind,
    visitOn: fields.day('visitDate'),
    diagnoses: fields.list('diagnosisList', 0, 20).map((item) => item.text('code', 20)),
    totalFen,
    lines,
  }
}

function readLine(item: Fields): LossLine {
  const catalogueClass = (['A', 'B', 'C'] as const).find((c) => c === item.text('insuranceClass'))
  if (!catalogueClass) throw item.wrong('insuranceClass')
  const amountFen = item.amount('amount')
  const leftFen = item.amount('selfPayAmount')
  if (leftFen > amountFen) throw item.wrong('selfPayAmount')
  return {
    lineNo: item.text('lineNo'),
    code: item.text('itemCode'),
    name: item.text('itemName', 200),
    category: item.match('category', /^\d{2}$/),
    catalogueClass,
    amountFen,
    leftFen,
  }
}

/** The order's totals are those of the fee record, or one of the two is wrong. */
function checkTotals(fields: Fields, loss: Loss, visitNo: string): void {
  const left = (outside: boolean): Fen =>
    addFen(
      ...loss.lines
        .filter((line) => (line.catalogueClass === 'C') === outside)
        .map((line) => line.leftFen),
    )
  const paidFen = ['totalMedins', 'accountPayAmnt', 'otherPayAmount'].map((n) => fields.amount(n))
  const selfFen = addFen(left(false), left(true))
  const rules = [
    ['visitNo', (loss as Loss & { visitNo?: string }).visitNo === visitNo],
    ['totalAmount', fields.amount('totalAmount') === loss.totalFen],
    ['selfBAmount', fields.amount('selfBAmount') === left(false)],
    ['selfCAmount', fields.amount('selfCAmount') === left(true)],
    ['totalMedins', addFen(...paidFen, selfFen) === loss.totalFen],
  ] as const
  const broken = rules.find(([, holds]) => !holds)
  if (broken) throw fields.wrong(broken[0])
}

function findFees({ store }: Context, hospital: string, number: string) {
  const row = store.get<{ digest: string; content: string }>(
    'select digest, content from fee_record where hospital = ? and fee_record_no = ?',
    [hospital, number],
  )
  return row && { digest: row.digest, loss: JSON.parse(row.content) as Loss }
}
