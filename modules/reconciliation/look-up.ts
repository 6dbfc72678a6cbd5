import type { HospitalId, Id } from '../../kernel/id.ts'
import { readTradeNo } from '../../kernel/trade-no.ts'
import type { PaymentId, RefundId, TenderId } from '../payments/index.ts'
import { keyOf, type KnownNumber } from './compare.ts'
import { HIS, type ListLine, readHisChargeNo } from './day.ts'
import type { PaymentReads } from './dependencies.ts'

/**
 * What we know of numbers that only a party's list has. A number of ours says itself what it stands for; one
 * that is not ours stays unknown. Outside of any transaction, as each question opens its own.
 */
export async function lookUp(
  payments: PaymentReads,
  hospitalId: HospitalId,
  source: string,
  lines: readonly Pick<ListLine, 'kind' | 'ourNo'>[],
): Promise<Map<string, KnownNumber>> {
  const known = new Map<string, KnownNumber>()
  for (const line of lines) {
    const found = await knownBehind(payments, hospitalId, source, line)
    if (found) known.set(keyOf(line), found)
  }
  return known
}

async function knownBehind(
  payments: PaymentReads,
  hospitalId: HospitalId,
  source: string,
  { kind, ourNo }: Pick<ListLine, 'kind' | 'ourNo'>,
): Promise<KnownNumber | null> {
  const isHisCharge = source === HIS && kind === 'charge'
  const read = readTradeNo(isHisCharge ? readHisChargeNo(ourNo).paymentNo : ourNo)
  if (!read) return null
  if (read.hospitalId !== hospitalId)
    return { standing: 'foreign', paymentId: null, refundId: null }
  const id = read.id as Id<never>
  if (isHisCharge) return paymentBehind(payments, hospitalId, id)
  if (source === HIS) return refundBehind(payments, hospitalId, id)
  if (kind === 'charge') {
    const paymentId = await payments.paymentOfTender(hospitalId, id as TenderId)
    return paymentId && { standing: 'ours', paymentId, refundId: null }
  }
  const refundId = await payments.refundOfPart(hospitalId, id as Id<'RefundPart'>)
  return refundId && refundBehind(payments, hospitalId, refundId)
}

async function paymentBehind(
  payments: PaymentReads,
  hospitalId: HospitalId,
  paymentId: PaymentId,
): Promise<KnownNumber | null> {
  const standing = await payments.standingOf(hospitalId, paymentId)
  if (!standing) return null
  const isUndone = standing.status === 'failed' || standing.status === 'closed'
  return { standing: isUndone ? 'undone' : 'ours', paymentId, refundId: null }
}

async function refundBehind(
  payments: PaymentReads,
  hospitalId: HospitalId,
  refundId: RefundId,
): Promise<KnownNumber | null> {
  const known = await payments.refundStandingOf(hospitalId, refundId)
  if (!known) return null
  const standing = known.status === 'refused' ? 'undone' : 'ours'
  return { standing, paymentId: known.paymentId, refundId }
}
