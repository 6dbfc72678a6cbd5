import { createHash } from 'node:crypto'

import { toShanghaiText } from '../../../kernel/time.ts'
import { done, STATUS } from './answers.ts'
import { overdueDaysOf } from './bills.ts'
import { statementOf, type StatementRow } from './books.ts'
import { type Context, faultKeyOf, Refusal } from './context.ts'
import { closeNumber, decideOnce, findDecided } from './decided.ts'
import type { Fields } from './fields.ts'
import { findLine, lineOf } from './lines.ts'
import {
  createRepayment,
  endRepayment,
  findRepayment,
  payRepayment,
  type Repayment,
  type RepaymentScope,
} from './repayments.ts'
import {
  failedData,
  type Handler,
  holderOf,
  hospitalOf,
  NUMBER,
  numbered,
  textOf,
} from './services.ts'

const SCOPES: Readonly<Record<string, RepaymentScope>> = {
  '0': 'partial',
  '1': 'full',
  '2': 'remaining',
}

export const createRepay: Handler = (context, partner, fields) => {
  const repayNo = fields.match('repayNo', NUMBER)
  const holder = holderOf(partner, fields)
  const scope = SCOPES[fields.match('status', /^[012]$/)] ?? 'partial'
  const about = aboutOf(fields)
  if ((scope === 'remaining') !== (about === null)) throw fields.wrong('visitNo')
  const amountFen = fields.amount('repaymentAmt')
  const order = numbered(partner, 'repay.create', repayNo, fields)
  return {
    key: faultKeyOf(context, repayNo, repayParent(context, holder.accountNo)),
    accountNo: holder.accountNo,
    perform: () =>
      decideOnce(context, order, () => {
        const line = lineOf(context, holder)
        const { partnerNo } = partner
        const made = { partner: partnerNo, repayNo, line, scope, about, amountFen }
        const { repayBillNo } = createRepayment(context, made)
        const overdueStatus = overdueDaysOf(context, line.accountNo) > 0 ? '1' : '0'
        return { repayNo, repayBillNo, repaymentAmt: amountFen, overdueStatus }
      }),
  }
}

export const payRepay: Handler = (context, partner, fields) => {
  const repayNo = fields.match('repayNo', NUMBER)
  const amountFen = fields.amount('cash')
  // The bank's own account of the person; other ways of paying are not this bank's.
  fields.match('tradeMode', /^DB$/)
  const order = numbered(partner, 'repay.pay', repayNo, fields)
  const repayment = findRepayment(context, { partner: partner.partnerNo, repayNo })
  return {
    key: faultKeyOf(context, repayNo, null),
    accountNo: repayment?.accountNo ?? null,
    perform() {
      const known = findRepayment(context, { partner: partner.partnerNo, repayNo })
      if (!known) throw new Refusal('no_such_number', '无此还款单')
      const answer = decideOnce(context, order, () => {
        if (known.amountFen !== amountFen) throw new Refusal('amount_wrong', '与还款单金额不符')
        return repaidData(payRepayment(context, known))
      })
      if (!answer.success && known.state === 'created') endRepayment(context, known, 'failed')
      return answer
    },
  }
}

/** Of one that was not paid, a query that closes makes sure that it never is. */
export const queryRepay: Handler = (context, partner, fields) => {
  const repayNo = fields.match('repayNo', NUMBER)
  const closes = fields.optional('closeIfAbsent') === '1'
  const key = { partner: partner.partnerNo, number: repayNo }
  return {
    key: faultKeyOf(context, repayNo, null),
    accountNo: null,
    perform() {
      const paying = findDecided(context, { ...key, service: 'repay.pay' })
      if (paying?.digest === null) return done({ repayNo, status: STATUS.closed })
      if (paying) {
        return paying.answer.success ? paying.answer : done(failedData({ repayNo }, paying.answer))
      }
      if (!closes) throw new Refusal('no_such_number', '尚未还款')
      const created = findDecided(context, { ...key, service: 'repay.create' })
      if (!created) closeNumber(context, { ...key, service: 'repay.create' })
      closeNumber(context, { ...key, service: 'repay.pay' })
      const repayment = findRepayment(context, { partner: partner.partnerNo, repayNo })
      if (repayment) endRepayment(context, repayment, 'closed')
      return done({ repayNo, status: STATUS.closed })
    },
  }
}

export const dayStatement: Handler = (context, partner, fields) => {
  const hospCode = hospitalOf(partner, fields)
  const day = fields.day('date')
  return {
    key: `${hospCode}/${day}`,
    accountNo: null,
    perform() {
      const rows = statementOf(context, { partner: partner.partnerNo, hospCode, day })
      const list = rows.map((row) => ({
        type: row.type,
        transNo: row.transNo,
        sFlowId: row.sFlowId,
        cash: row.amountFen,
        transTime: toShanghaiText(row.at),
      }))
      const listSha256 = createHash('sha256').update(rows.map(lineOfRow).join('\n')).digest('hex')
      const netAmt = rows.reduce((net, row) => net + signedFen(row), 0)
      return done({ hospCode, date: day, totalCount: list.length, netAmt, listSha256, list })
    },
  }
}

const lineOfRow = ({ type, transNo, sFlowId, amountFen, at }: StatementRow): string =>
  [type, transNo, sFlowId, amountFen, toShanghaiText(at)].join('|')

const signedFen = ({ type, amountFen }: StatementRow): number =>
  type === 'CONSUME' ? amountFen : 0 - amountFen

function aboutOf(fields: Fields): { visitNo: string } | { transNo: string } | null {
  const [visitNo, transNo] = [fields.optional('visitNo'), fields.optional('transNo')]
  if (visitNo !== null && transNo !== null) throw fields.wrong('visitNo')
  if (visitNo !== null) return { visitNo }
  return transNo === null ? null : { transNo }
}

const repayParent = (context: Context, accountNo: string): string =>
  `repayment of ${findLine(context, accountNo)?.idCardNo ?? 'unknown'}`

const repaidData = (repayment: Repayment): object => ({
  repayNo: repayment.repayNo,
  repayBillNo: repayment.repayBillNo,
  payFlowId: repayment.payFlowId,
  cash: repayment.amountFen,
  status: STATUS.done,
  payTime: textOf(repayment.paidAt),
})
