import { addFen, type Fen, fen } from '../../../../kernel/money.ts'
import { ApiError } from '../api-error.ts'
import type { InsuranceRequest } from './request.ts'

export type Sums = {
  totalFen: Fen
  fundFen: Fen
  accountFen: Fen
  otherFen: Fen
  ownPartFen: Fen
  cashFen: Fen
  addedFen: Fen
  reducedFen: Fen
}

const ZERO = fen(0)

/** The amounts of a request; throws WeChat's refusal when one of its formulas does not hold. */
export function sumsOf(request: InsuranceRequest): Sums {
  const added = (request.cash_add_detail ?? []).map((entry) => entry.cash_add_fee)
  const reduced = (request.cash_reduce_detail ?? []).map((entry) => entry.cash_reduce_fee)
  const sums: Sums = {
    totalFen: request.total_fee,
    fundFen: request.med_ins_gov_fee ?? ZERO,
    accountFen: request.med_ins_self_fee ?? ZERO,
    otherFen: request.med_ins_other_fee ?? ZERO,
    ownPartFen: request.med_ins_cash_fee ?? ZERO,
    cashFen: request.wechat_pay_cash_fee ?? ZERO,
    addedFen: addFen(...added),
    reducedFen: addFen(...reduced),
  }
  const insured = sums.fundFen + sums.accountFen + sums.otherFen
  if (sums.totalFen !== insured + sums.cashFen + sums.reducedFen) {
    throw new ApiError('total_differs')
  }
  if (sums.cashFen !== sums.ownPartFen + sums.addedFen - sums.reducedFen) {
    throw new ApiError('cash_differs')
  }
  if (sums.totalFen !== insured + sums.ownPartFen + sums.addedFen) {
    throw new ApiError('mixed_differs')
  }
  return sums
}

const OF_INSURANCE = [
  'pay_order_id',
  'pay_auth_no',
  'geo_location',
  'med_ins_order_create_time',
] as const
const INSURED_AMOUNTS = ['med_ins_gov_fee', 'med_ins_self_fee', 'med_ins_other_fee'] as const

/** Which fields go with which of the three kinds of payment. */
export function checkLinkage(request: InsuranceRequest): void {
  const cash = request.wechat_pay_cash_fee ?? 0
  const hasCash = cash > 0 && request.prepay_id !== undefined
  switch (request.mix_pay_type) {
    case 'CASH_ONLY': {
      const isInsured =
        OF_INSURANCE.some((name) => request[name] !== undefined) ||
        INSURED_AMOUNTS.some((name) => (request[name] ?? 0) > 0)
      if (isInsured || !hasCash) throw new ApiError('cash_only_fields')
      return
    }
    case 'INSURANCE_ONLY':
      if (!isWholeInsured(request) || cash > 0 || request.prepay_id !== undefined) {
        throw new ApiError('insured_fields')
      }
      return
    case 'CASH_AND_INSURANCE':
      if (!isWholeInsured(request) || !hasCash) throw new ApiError('insured_fields')
  }
}

const isWholeInsured = (request: InsuranceRequest): boolean =>
  OF_INSURANCE.every((name) => request[name] !== undefined) &&
  [...INSURED_AMOUNTS, 'med_ins_cash_fee' as const].every((name) => request[name] !== undefined)
