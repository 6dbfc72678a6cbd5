import type { Fen } from '../../../kernel/money.ts'
import type { Staff } from '../insurance-centre.ts'
import type { CentreAnswer, CentreCall } from '../insurance-centre.ts'

/**
 * 医保移动支付: a bill is uploaded, ordered, and paid by the person's account and funds over the internet.
 *
 * Money may have moved where the answer to 6202, 6203 or 6401 is 'unknown': mobileOrder (6301) tells. A
 * refund is repeated under its own number only, and an order that is not settled is ended by revokeMobile.
 */
export interface MobileCentre {
  /** 6201 */
  uploadMobileFees(call: CentreCall, fees: MobileFees): Promise<CentreAnswer<MobileOrderKey>>
  /** 6202 */
  payMobile(call: CentreCall, payment: MobilePayment): Promise<CentreAnswer<MobileOrder>>
  /** 6301 */
  mobileOrder(
    call: CentreCall,
    order: MobileOrderKey & MobilePerson,
  ): Promise<CentreAnswer<MobileOrder>>
  /** 6203 */
  refundMobile(
    call: CentreCall,
    refund: MobileRefund,
  ): Promise<CentreAnswer<{ state: 'done' | 'failed' | 'in_doubt' }>>
  /** 6401. True: nothing of the order stands any more. */
  revokeMobile(
    call: CentreCall,
    order: MobileOrderKey & MobilePerson,
  ): Promise<CentreAnswer<{ revoked: boolean }>>
  /** 电子凭证解码: whose voucher it is. The token is for one use and a short time. */
  decodeVoucher(call: CentreCall, scan: VoucherScan): Promise<CentreAnswer<DecodedVoucher>>
}

export type MobileOrderKey = { payOrderId: string; payToken: string }
export type MobilePerson = { name: string; idType: string; idNo: string }

/** By a token of the voucher, or by what the payer's app was authorised with. */
export type MobileConsent =
  | { kind: 'voucher'; token: string }
  | { kind: 'authorised'; payAuthNo: string }

export type MobileFees = {
  consent: MobileConsent
  person: MobilePerson
  psnNo: string
  insutype: string
  insuredRegion: string // insuCode
  orderNo: string // medOrgOrd: ours
  visitNo: string
  mdtrtId: string | null
  begunAt: Date
  department: Staff
  medType: string
  feeType: string
  batchNo: string
  totalFen: Fen
  ownFen: Fen
  overLimitFen: Fen
  firstShareFen: Fen
  inScopeFen: Fen
  diagnoses: { code: string; name: string; department: Staff; doctor: Staff; at: Date }[]
  lines: {
    lineId: string
    nationalCode: string
    ownCode: string
    amountFen: Fen
    quantity: number
    unitPriceFen: Fen
    department: Staff
    doctor: Staff
    at: Date
  }[]
}

export type MobilePayment = MobileOrderKey & {
  payAuthNo: string
  requestNo: string // orgBizSer: ours
  batchNo: string
  feeType: string
  mdtrtId: string
  useAccount: boolean
  totalFen: Fen
}

export type MobileOrder = {
  payOrderId: string
  status: number // ordStas, 0 to 16
  state: 'processing' | 'settled' | 'closed' | 'failed'
  /** While it is processed there are none. */
  amounts: { totalFen: Fen; cashFen: Fen; accountFen: Fen; fundFen: Fen } | null
  revokeToken: string | null
}

export type MobileRefund = {
  payOrderId: string
  consent: MobileConsent
  refundNo: string // appRefdSn: ours
  at: Date
  scope: 'all' | 'cash' | 'insurance'
  totalFen: Fen
  accountFen: Fen
  fundFen: Fen
  cashFen: Fen
}

export type VoucherScan = {
  /** What the scanner read; null where the terminal reads by itself. */
  code: string | null
  purpose: string // businessType, as 01301 结算
  operator: Staff
  office: Staff
}

export type DecodedVoucher = {
  token: string // ecToken
  idNo: string
  idType: string
  name: string
  insuredRegion: string | null // insuOrg
}
