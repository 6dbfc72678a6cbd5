import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { defineErrors } from '../../../../kernel/error.ts'
import {
  ADDITION_TYPES,
  brokenIdentity,
  insuredFen,
  type MedicalInsuranceAmounts,
  REDUCTION_TYPES,
} from './amounts.ts'
import type { MixPayType } from './statuses.ts'

const errors = defineErrors('wechatpay', { medical_insurance_order_invalid: 'invalid' })

/** 挂号, 诊间, 住院, 药店 and their kin, in WeChat's words. */
export const ORDER_TYPES = [
  'REG_PAY',
  'DIAG_PAY',
  'COVID_EXAM_PAY',
  'IN_HOSP_PAY',
  'PHARMACY_PAY',
  'INSURANCE_PAY',
  'INT_REG_PAY',
  'INT_RE_DIAG_PAY',
  'INT_RX_PAY',
  'COVID_ANTIGEN_PAY',
  'MED_PAY',
] as const

export const CARD_TYPES = [
  'ID_CARD',
  'HOUSEHOLD_REGISTRATION',
  'FOREIGNER_PASSPORT',
  'MAINLAND_TRAVEL_PERMIT_FOR_TW',
  'MAINLAND_TRAVEL_PERMIT_FOR_MO',
  'MAINLAND_TRAVEL_PERMIT_FOR_HK',
  'FOREIGN_PERMANENT_RESIDENT',
] as const

export type InsuredPerson = {
  name: string
  cardType: (typeof CARD_TYPES)[number]
  cardNo: string
}

/** A bill that the insurance, the payer's WeChat, or both of them pay. */
export type MedicalInsuranceOrder = {
  /** Our number, of the mixed order and of its cash part alike: 6 to 32 letters and digits. */
  tradeNo: string
  /** The hospital's number, the same as in the upload of the fees (6201, medOrgOrd): up to 20. */
  hospitalOrderNo: string
  orderType: (typeof ORDER_TYPES)[number]
  openid: string
  payer: InsuredPerson
  /** Whom the payer pays for, where that is a member of the family. */
  relative: InsuredPerson | null
  /** For the payer's eyes: what the cash part is for. */
  description: string
  /** What the insurance bureau gave; null where the insurance has no part in it. */
  insurance: InsuranceGrant | null
  amounts: MedicalInsuranceAmounts
  createdAt: Date
  expiresAt: Date
}

export type InsuranceGrant = {
  /** payOrdId of the upload of the fees. */
  payOrderId: string
  /** The payer's leave to be charged: good for minutes, and once. */
  payAuthNo: string
  /** 'longitude,latitude' in degrees. */
  geoLocation: string
  /** For the bureau, in the words of its city: JSON of at most 2048 bytes. */
  passthrough: string | null
}

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })
const Person = Type.Object({
  name: Text(64),
  cardType: Type.Enum([...CARD_TYPES]),
  cardNo: Type.String({ pattern: '^[0-9A-Za-z()（）-]{5,32}$' }),
})
const entries = (types: readonly string[]) =>
  Type.Array(Type.Object({ type: Type.Enum([...types]), amountFen: Amount }), { maxItems: 100 })

const Order = Compile(
  Type.Object({
    tradeNo: Type.String({ pattern: '^[0-9A-Za-z_|*-]{6,32}$' }),
    hospitalOrderNo: Text(20),
    orderType: Type.Enum([...ORDER_TYPES]),
    openid: Text(128),
    payer: Person,
    relative: Type.Union([Person, Type.Null()]),
    description: Text(1_000),
    insurance: Type.Union([
      Type.Object({
        payOrderId: Text(64),
        payAuthNo: Text(40),
        geoLocation: Type.String({
          maxLength: 40,
          pattern: '^-?\\d{1,3}(\\.\\d+)?,-?\\d{1,2}(\\.\\d+)?$',
        }),
        passthrough: Type.Union([Text(2_048), Type.Null()]),
      }),
      Type.Null(),
    ]),
    amounts: Type.Object({
      totalFen: Amount,
      fundFen: Amount,
      accountFen: Amount,
      otherFen: Amount,
      ownPartFen: Amount,
      cashFen: Amount,
      additions: entries(ADDITION_TYPES),
      reductions: entries(REDUCTION_TYPES),
    }),
  }),
)

/**
 * Refuses an order that WeChat or the bureau would refuse, before anybody is asked.
 * Errors: 'wechatpay.medical_insurance_order_invalid' with the field as a JSON pointer and what is wrong with it.
 */
export function checkOrder(order: MedicalInsuranceOrder): void {
  if (!Order.Check(order)) {
    const [first] = Order.Errors(order)
    throw invalid(first?.instancePath ?? '', first?.message ?? 'is invalid')
  }
  const { amounts, insurance } = order
  const broken = brokenIdentity(amounts)
  if (broken !== null) throw invalid('/amounts', `do not add up: ${broken}`)
  if (insurance === null && insuredFen(amounts) > 0) {
    throw invalid('/insurance', 'is missing, and the insurance is to pay')
  }
  if (insurance === null && amounts.cashFen === 0) {
    throw invalid('/amounts/cashFen', 'must be above zero where the insurance has no part')
  }
  checkPassthrough(insurance?.passthrough ?? null)
  if (order.expiresAt <= order.createdAt)
    throw invalid('/expiresAt', 'must be later than createdAt')
  if (order.payer.cardType === 'ID_CARD') checkIdCard('/payer', order.payer)
  if (order.relative?.cardType === 'ID_CARD') checkIdCard('/relative', order.relative)
}

export const mixPayTypeOf = ({ insurance, amounts }: MedicalInsuranceOrder): MixPayType => {
  if (insurance === null) return 'CASH_ONLY'
  return amounts.cashFen === 0 ? 'INSURANCE_ONLY' : 'CASH_AND_INSURANCE'
}

/** They stand in the order itself, and WeChat forbids to say them twice. */
const NOT_PASSED_THROUGH = ['pay_auth_no', 'pay_ord_id', 'setl_latlnt']

function checkPassthrough(text: string | null): void {
  if (text === null) return
  const field = '/insurance/passthrough'
  if (Buffer.byteLength(text) > 2_048) throw invalid(field, 'must not have more than 2048 bytes')
  const content = parse(text)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw invalid(field, 'must be an object of JSON')
  }
  const twice = NOT_PASSED_THROUGH.find((name) => Object.hasOwn(content, name))
  if (twice !== undefined) throw invalid(field, `must not repeat ${twice}`)
}

function checkIdCard(field: string, { cardNo }: InsuredPerson): void {
  if (/^(\d{15}|\d{17}[\dXx])$/.test(cardNo)) return
  throw invalid(`${field}/cardNo`, 'must have 15 or 18 digits')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const invalid = (field: string, reason: string) =>
  errors.medical_insurance_order_invalid({ field, reason })
