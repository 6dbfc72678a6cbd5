import { toShanghaiText } from '../../../kernel/time.ts'
import { type Answer, done, STATUS } from './answers.ts'
import { billsOf, overdueDaysOfBill, owedFenOf } from './bills.ts'
import { type Context, faultKeyOf, Refusal } from './context.ts'
import { closeNumber, decideOnce, findDecided } from './decided.ts'
import { consume, type Draw, findDraw, findDrawByNo, type Flush, flush } from './draws.ts'
import type { Fields } from './fields.ts'
import {
  applyForLine,
  type CreditLine,
  endLine,
  findLine,
  hospitalRemaining,
  lineOf,
  signLine,
  standingOf,
} from './lines.ts'
import type { Call } from './run-call.ts'
import type { Partner } from './signing.ts'

export type Handler = (context: Context, partner: Partner, fields: Fields) => Call

/** A partner's numbers: of applications, draws, flushes and repayments. */
export const NUMBER = /^[0-9A-Za-z]{16,64}$/

export const queryAuthority: Handler = (context, partner, fields) => {
  const holder = holderOf(partner, fields)
  const hospCode = fields.optional('hospCode')
  if (hospCode !== null) checkHospital(partner, hospCode, fields)
  return {
    ...aboutLine(context, holder.accountNo),
    perform: () => done(authorityData(context, lineOf(context, holder), hospCode)),
  }
}

export const apply: Handler = (context, partner, fields) => {
  const number = fields.match('applyNo', NUMBER)
  const application = {
    partner: partner.partnerNo,
    userId: fields.text('userId'),
    name: fields.text('patientName'),
    idCardNo: fields.match('idNo', /^[0-9A-Z]{6,20}$/),
    productCode: fields.text('productCode'),
    wantedFen: fields.amount('wantedAmt'),
  }
  fields.text('consentVersion')
  fields.match('consentSha256', /^[0-9a-f]{64}$/)
  fields.moment('consentTime')
  const order = numbered(partner, 'apply', number, fields)
  return {
    key: faultKeyOf(context, number, application.idCardNo),
    accountNo: null,
    perform: () =>
      decideOnce(context, order, () => {
        const { accountNo, limitFen } = applyForLine(context, application)
        return { applyNo: number, accountNo, creditsAmt: limitFen }
      }),
  }
}

/** Instalments are not this bank's: whoever signs repays all of a bill when it is due. */
const ALL_AT_ONCE = '1'

export const sign: Handler = (context, partner, fields) => {
  const holder = holderOf(partner, fields)
  const way = fields.match('repayWay', /^[1-4]$/)
  return {
    ...aboutLine(context, holder.accountNo),
    perform() {
      if (way !== ALL_AT_ONCE) throw new Refusal('not_eligible', '暂不支持该还款方式')
      const { accountNo, signedAt } = signLine(context, lineOf(context, holder))
      return done({ accountNo, signStatus: '1', signTime: textOf(signedAt) })
    },
  }
}

export const unsign: Handler = (context, partner, fields) => {
  const holder = holderOf(partner, fields)
  return {
    ...aboutLine(context, holder.accountNo),
    perform() {
      const { accountNo, endedAt } = endLine(context, lineOf(context, holder))
      return done({ accountNo, signStatus: '3', endTime: textOf(endedAt) })
    },
  }
}

export const consumeOrder: Handler = (context, partner, fields) => {
  const transNo = fields.match('transNo', NUMBER)
  const holder = holderOf(partner, fields)
  const hospCode = hospitalOf(partner, fields)
  const visitNo = fields.optional('visitNo')
  const amountFen = fields.amount('cash')
  fields.match('scene', /^(registration|outpatient|inpatient)$/)
  const subject = fields.text('subject', 200)
  const order = numbered(partner, 'consume', transNo, fields)
  return {
    key: faultKeyOf(context, transNo, `${hospCode}/${subject}`),
    accountNo: holder.accountNo,
    perform: () =>
      decideOnce(context, order, () => {
        const line = lineOf(context, holder)
        const draw = { partner: partner.partnerNo, transNo, line, hospCode, visitNo, amountFen }
        return drawData(consume(context, draw))
      }),
  }
}

export const queryConsume: Handler = (context, partner, fields) => {
  const transNo = fields.match('transNo', NUMBER)
  const closes = fields.optional('closeIfAbsent') === '1'
  const key = { partner: partner.partnerNo, service: 'consume', number: transNo }
  return {
    key: faultKeyOf(context, transNo, null),
    accountNo: null,
    perform() {
      const known = findDecided(context, key)
      if (known?.digest === null) return done({ transNo, status: STATUS.closed })
      if (known && !known.answer.success) return done(failedData({ transNo }, known.answer))
      const draw = findDrawByNo(context, { partner: partner.partnerNo, transNo })
      if (draw) return done({ ...drawData(draw), flushedAmt: draw.flushedFen })
      if (!closes) throw new Refusal('no_such_number', '无此消费流水')
      closeNumber(context, key)
      return done({ transNo, status: STATUS.closed })
    },
  }
}

export const flushOrder: Handler = (context, partner, fields) => {
  const flushNo = fields.match('flushNo', NUMBER)
  const drawFlowId = fields.text('sFlowId')
  const amountFen = fields.amount('cash')
  const order = numbered(partner, 'flush', flushNo, fields)
  const draw = findDraw(context, drawFlowId)
  const parent = draw ? `flush of ${faultKeyOf(context, draw.transNo, null)}` : 'flush'
  return {
    key: faultKeyOf(context, flushNo, parent),
    accountNo: draw?.accountNo ?? null,
    perform: () =>
      decideOnce(context, order, () =>
        flushData(flush(context, { partner: partner.partnerNo, flushNo, drawFlowId, amountFen })),
      ),
  }
}

export const queryFlush: Handler = (context, partner, fields) => {
  const flushNo = fields.match('flushNo', NUMBER)
  return {
    key: faultKeyOf(context, flushNo, null),
    accountNo: null,
    perform() {
      const key = { partner: partner.partnerNo, service: 'flush', number: flushNo }
      const known = findDecided(context, key)
      if (!known) throw new Refusal('no_such_number', '无此冲正流水')
      return known.answer.success ? known.answer : done(failedData({ flushNo }, known.answer))
    },
  }
}

export const queryBills: Handler = (context, partner, fields) => {
  const holder = holderOf(partner, fields)
  return {
    ...aboutLine(context, holder.accountNo),
    perform() {
      const { accountNo } = lineOf(context, holder)
      const billList = billsOf(context, accountNo).map((bill) => ({
        billNo: bill.billNo,
        visitNo: bill.visitNo ?? '',
        transNo: bill.transNo ?? '',
        hospCode: bill.hospCode,
        billAmt: bill.drawnFen,
        interestAmt: bill.interestFen,
        leftAmt: owedFenOf(bill),
        dueDate: bill.dueOn,
        overdueDays: overdueDaysOfBill(context, bill),
      }))
      return done({ accountNo, billList })
    },
  }
}

export const numbered = (partner: Partner, service: string, number: string, fields: Fields) => ({
  partner: partner.partnerNo,
  service,
  number,
  digest: fields.digest(),
})

export const holderOf = (partner: Partner, fields: Fields) => ({
  partner: partner.partnerNo,
  accountNo: fields.text('accountNo'),
  userId: fields.text('userId'),
})

/** A hospital that the partner may draw for. */
export function hospitalOf(partner: Partner, fields: Fields): string {
  const hospCode = fields.text('hospCode')
  checkHospital(partner, hospCode, fields)
  return hospCode
}

function checkHospital(partner: Partner, hospCode: string, fields: Fields): void {
  if (!partner.hospCodes.includes(hospCode)) throw fields.wrong('hospCode')
}

/** A line goes by its person's identity number to a fault plan; the file alone knows it. */
const aboutLine = (context: Context, accountNo: string) => ({
  key: findLine(context, accountNo)?.idCardNo ?? 'unknown',
  accountNo,
})

export const failedData = (numbers: object, answer: Answer): object => ({
  ...numbers,
  status: STATUS.failed,
  failCode: answer.code,
  failMsg: answer.msg,
})

export const textOf = (at: Date | null): string => (at === null ? '' : toShanghaiText(at))

const drawData = (draw: Draw): object => ({
  transNo: draw.transNo,
  sFlowId: draw.flowId,
  billNo: draw.billNo,
  cash: draw.amountFen,
  status: STATUS.done,
  transTime: toShanghaiText(draw.at),
})

const flushData = ({ flushNo, flowId, drawFlowId, amountFen, at }: Flush): object => ({
  flushNo,
  flushFlowId: flowId,
  sFlowId: drawFlowId,
  cash: amountFen,
  status: STATUS.flushed,
  flushTime: toShanghaiText(at),
})

const SIGN_STATUS = { unsigned: '0', signed: '1', suspended: '2', ended: '3' } as const

function authorityData(context: Context, line: CreditLine, hospCode: string | null): object {
  const { loanedFen, remainingFen, overdueDays, mayDraw } = standingOf(context, line)
  const data = {
    accountNo: line.accountNo,
    loanAuthority: mayDraw ? '1' : '0',
    creditsAmt: line.limitFen,
    loanedAmt: loanedFen,
    remainingAmt: remainingFen,
    overdueDays,
    signStatus: SIGN_STATUS[line.status],
  }
  if (hospCode === null) return data
  const hospRemainingAmt = hospitalRemaining(context, hospCode)
  return { ...data, hospLoanAuthority: hospRemainingAmt > 0 ? '1' : '0', hospRemainingAmt }
}
