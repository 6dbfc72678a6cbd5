import type { ProviderCall, RawNotice, RefundAnswer } from '../../../../modules/payments/index.ts'
import { createClient } from '../client.ts'
import { type ClientDeps, createExchange } from '../exchange.ts'
import { invalidParams, toAccount, type WechatPayAccount, type WechatPayParams } from '../params.ts'
import { createRefunds } from '../refunds.ts'
import { type MixedNotice, readMixedNotice } from './notices.ts'
import type { MedicalInsuranceOrder } from './order.ts'
import {
  createPlacing,
  type MixedAnswer,
  type PlaceAnswer,
  type ReleasedAnswer,
} from './placing.ts'
import type { InsuranceReturn, Institution } from './request.ts'
import { type CashReturn, createReturns, type InsuranceReturnAnswer } from './returns.ts'

/** 医保混合支付 2.0: one bill, paid by the insurance and by the payer's WeChat at once. */
export type MedicalInsuranceOrders = {
  /** Orders the cash part, where there is one, and the whole. Asked again it is the same order. */
  place(call: ProviderCall, order: MedicalInsuranceOrder): Promise<PlaceAnswer>
  /** What became of it. WeChat's notice comes for half a minute and never again, so whoever waits must ask. */
  query(
    call: ProviderCall,
    order: MedicalInsuranceOrder,
  ): Promise<MixedAnswer | { outcome: 'absent' }>
  /** Makes sure that an order of which no money is known is not paid any more: it closes the cash part. */
  release(call: ProviderCall, order: MedicalInsuranceOrder): Promise<ReleasedAnswer>
  readNotice(notice: RawNotice): MixedNotice
  /** Gives back of the cash part. */
  refundCash(call: ProviderCall, given: CashReturn): Promise<RefundAnswer>
  queryCashRefund(
    call: ProviderCall,
    given: CashReturn,
  ): Promise<RefundAnswer | { outcome: 'absent' }>
  /** Tells WeChat what the insurance gave back; it is repeated until it was heard. */
  tellInsuranceReturn(
    call: ProviderCall,
    order: MedicalInsuranceOrder,
    given: InsuranceReturn,
  ): Promise<InsuranceReturnAnswer>
}

/**
 * Errors: 'wechatpay.params_invalid' when the contract has no medicalInsurance, or its test environment is on in
 * production, where the payer's money would be real and the insurance's not. 'wechatpay.medical_insurance_order_invalid'
 * for an order or a return whose amounts do not add up, before anybody is asked.
 * Source: WeChat Pay merchant documentation, 医保支付 2.0.
 */
export function createMedicalInsuranceOrders(
  params: WechatPayParams,
  deps: ClientDeps & { isProduction: boolean },
): MedicalInsuranceOrders {
  const account = toAccount(params)
  const institution = institutionOf(account, deps.isProduction)
  const client = createClient(account, createExchange(account, deps), deps)
  return {
    ...createPlacing(account, institution, client, deps),
    readNotice: (notice) => readMixedNotice({ account, institution }, client.ring, deps, notice),
    ...createReturns(createRefunds(account, client), client),
  }
}

function institutionOf({ medicalInsurance }: WechatPayAccount, isProduction: boolean): Institution {
  if (medicalInsurance === null) throw invalidParams('/medicalInsurance', 'is missing')
  if (medicalInsurance.isTestEnvironment && isProduction) {
    throw invalidParams('/medicalInsurance/isTestEnvironment', 'must be off in production')
  }
  return medicalInsurance
}
