import { type Fen, fen } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import { addDays, businessDateOf, instantAt, toShanghaiText } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { type App, type Context, nowMs } from './context.ts'
import { keyOfNew } from './faults.ts'
import { type Content, fieldsOf } from './fields.ts'
import { createNotice } from './notices.ts'
import { appOf, paidView, settle } from './pay.ts'
import { findAgain, insertTrade, type Placing, readNewTrade } from './place.ts'
import { findWallet, payerFields } from './wallets.ts'

// 商家扣款: a payer signs once, and from then on the merchant's request alone takes money, up to Alipay's own limits.

export type Agreement = {
  appId: string
  externalNo: string // the merchant's number
  agreementNo: string | null // set once it is signed
  product: string
  scene: string
  /** PAGE is no state of the protocol: the payer looks at it, and a query finds none. Nor does it of one that has ended. */
  state: 'PAGE' | 'NORMAL' | 'STOP' | 'UNSIGN'
  buyerId: string | null
  notifyUrl: string
  returnUrl: string
  signedAt: Date | null
}

export type SigningOutcome =
  | 'signed'
  | 'unknown_agreement'
  | 'ended'
  | 'wrong_payer'
  | 'wallet_closed'

const INVALID = 'INVALID_PARAMETER'
const PRODUCT = 'GENERAL_WITHHOLDING'
const PERSONAL_PRODUCT = 'GENERAL_WITHHOLDING_P'
/** How it is written that an agreement holds until somebody ends it. */
const FOR_EVER = '2115-02-01 00:00:00'

/** The payer's browser brought what the merchant signed. Throws the protocol's refusal. */
export function openAgreement(context: Context, placing: Placing): Agreement {
  const { app, content, notifyUrl, returnUrl } = placing
  const fields = fieldsOf(content, INVALID)
  const externalNo = fields.match('external_agreement_no', /^[0-9A-Za-z]{1,32}$/)
  const product = fields.match('personal_product_code', new RegExp(`^${PERSONAL_PRODUCT}$`))
  if ((fields.optional('product_code') || PRODUCT) !== PRODUCT) throw fields.wrong('product_code')
  const scene = fields.match('sign_scene', /^[A-Z_]+\|[A-Z_]+$/)
  if (scene === 'DEFAULT|DEFAULT') throw fields.wrong('sign_scene')
  const access = content['access_params'] as Record<string, unknown> | undefined
  if (!/^(ALIPAYAPP|QRCODE|QRCODEORSMS)$/.test(String(access?.['channel']))) {
    throw fields.wrong('access_params')
  }
  const opened = findAgreement(context, app.appId, externalNo)
  if (opened && (opened.product !== product || opened.scene !== scene)) {
    throw fields.wrong('external_agreement_no')
  }
  keyOfNew(context, app.appId, externalNo, 'agreement')
  context.store.run(
    `insert into agreement (app_id, external_no, product, scene, state, notify_url, return_url, opened_ms)
     values (?, ?, ?, ?, 'PAGE', ?, ?, ?)
     on conflict (app_id, external_no) do update set return_url = excluded.return_url`,
    [app.appId, externalNo, product, scene, notifyUrl, returnUrl, nowMs(context)],
  )
  return existing(context, app.appId, externalNo)
}

/** alipay.user.agreement.query: by Alipay's number, or by the merchant's within its product and scene. */
export function agreementQuery(context: Context, placing: Placing): object {
  const agreement = named(context, placing)
  const { app } = placing
  const wallet = agreement.buyerId === null ? null : findWallet(context, agreement.buyerId)
  const { payer_user_id: userId, payer_open_id: openId } = payerFields(app, wallet, 'payer') as {
    payer_user_id?: string
    payer_open_id?: string
  }
  return {
    agreement_no: agreement.agreementNo,
    external_agreement_no: agreement.externalNo,
    personal_product_code: agreement.product,
    sign_scene: agreement.scene,
    status: agreement.state,
    principal_type: 'CARD',
    ...(userId && { principal_id: userId }),
    ...(openId && { principal_open_id: openId }),
    alipay_logon_id: wallet?.logonId,
    third_party_type: 'PARTNER',
    ...timesOf(agreement),
  }
}

/** alipay.user.agreement.unsign. Notices of it go where the request says. */
export function unsign(context: Context, placing: Placing): object {
  const agreement = named(context, placing)
  end(context, agreement, placing.notifyUrl)
  return {}
}

/** alipay.trade.pay with agreement_params: the payer is not asked. */
export function payByAgreement(context: Context, placing: Placing): object {
  const { app, content } = placing
  const fields = fieldsOf(content)
  if (fields.text('product_code') !== PRODUCT) throw fields.wrong('product_code')
  const request = readNewTrade(context, placing)
  const method = 'agreement'
  const waiting = findAgain(context, app, method, request)
  const params = fieldsOf((content['agreement_params'] ?? {}) as Content)
  const agreement = byNumber(context, app, params.text('agreement_no'))
  if (!agreement?.agreementNo || agreement.buyerId === null || agreement.state === 'UNSIGN') {
    throw new ApiError('ACQ.AGREEMENT_NOT_EXIST')
  }
  const { agreementNo, buyerId } = agreement
  if (agreement.state !== 'NORMAL') throw new ApiError('ACQ.AGREEMENT_STATUS_NOT_NORMAL')
  checkLimits(context, agreementNo, request.totalFen)
  const wallet = findWallet(context, buyerId)
  if (!wallet || wallet.closed) throw new ApiError('ACQ.BUYER_ENABLE_STATUS_FORBID')
  if (wallet.balanceFen < request.totalFen) throw new ApiError('ACQ.BUYER_BALANCE_NOT_ENOUGH')
  const trade = waiting ?? insertTrade(context, placing, method, request, { buyerId, agreementNo })
  return paidView(app, settle(context, trade, buyerId), wallet)
}

function checkLimits({ store, rules, clock }: Context, agreementNo: string, amountFen: Fen): void {
  if (amountFen > rules.agreementLimitFen) throw new ApiError('ACQ.PRODUCT_AMOUNT_LIMIT_ERROR')
  const day = businessDateOf(clock.now())
  const row = store.get<{ used: number }>(
    `select coalesce(sum(total_fen), 0) as used from trade
     where agreement_no = ? and paid_ms >= ? and paid_ms < ?`,
    [agreementNo, instantAt(day).getTime(), instantAt(addDays(day, 1)).getTime()],
  )
  if ((row?.used ?? 0) + amountFen > rules.agreementDayLimitFen) {
    throw new ApiError('ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR')
  }
}

/** The payer agrees on the wallet's page. Notices of it go where the merchant's page said. */
export function signInWallet(
  context: Context,
  externalNo: string,
  buyerId: string,
): SigningOutcome {
  const agreement = listAgreements(context).find((each) => each.externalNo === externalNo)
  return agreement ? signAs(context, agreement, buyerId) : 'unknown_agreement'
}

export function signAs(context: Context, agreement: Agreement, buyerId: string): SigningOutcome {
  const wallet = findWallet(context, buyerId)
  if (!wallet || wallet.closed) return 'wallet_closed'
  if (agreement.state === 'UNSIGN') return 'ended'
  if (agreement.state !== 'PAGE') return agreement.buyerId === buyerId ? 'signed' : 'wrong_payer'
  const serial = String(context.store.nextSerial('agreement')).padStart(6, '0')
  const day = businessDateOf(context.clock.now()).replaceAll('-', '')
  const tail = Number.parseInt(randomHex(context.random, 3), 16) % 1_000_000
  const agreementNo = `${day}${serial}${String(tail).padStart(6, '0')}`
  context.store.run(
    `update agreement set state = 'NORMAL', agreement_no = ?, buyer_id = ?, signed_ms = ?
     where app_id = ? and external_no = ?`,
    [agreementNo, buyerId, nowMs(context), agreement.appId, agreement.externalNo],
  )
  const signed = existing(context, agreement.appId, agreement.externalNo)
  tell(context, signed, 'dut_user_sign', agreement.notifyUrl)
  return 'signed'
}

/** The payer ends it in the wallet: only the application's own gateway hears of that. */
export function unsignInWallet(context: Context, externalNo: string): boolean {
  const agreement = listAgreements(context).find((each) => each.externalNo === externalNo)
  const mayEnd = agreement?.state === 'NORMAL' || agreement?.state === 'STOP'
  if (!agreement || !mayEnd) return false
  end(context, agreement, appOf(context, agreement).gatewayUrl)
  return true
}

export function suspend({ store }: Context, externalNo: string, isSuspended: boolean): void {
  store.run(
    `update agreement set state = ? where external_no = ? and state in ('NORMAL', 'STOP')`,
    [isSuspended ? 'STOP' : 'NORMAL', externalNo],
  )
}

function end(context: Context, agreement: Agreement, notifyUrl: string): void {
  context.store.run(
    `update agreement set state = 'UNSIGN', unsigned_ms = ? where app_id = ? and external_no = ?`,
    [nowMs(context), agreement.appId, agreement.externalNo],
  )
  const ended = existing(context, agreement.appId, agreement.externalNo)
  tell(context, ended, 'dut_user_unsign', notifyUrl)
}

function tell(
  context: Context,
  agreement: Agreement,
  type: 'dut_user_sign' | 'dut_user_unsign',
  url: string,
): void {
  const app = appOf(context, agreement)
  const { buyerId } = agreement
  const wallet = buyerId === null ? null : findWallet(context, buyerId)
  const isEnd = type === 'dut_user_unsign'
  createNotice(context, app, {
    url,
    subject: agreement.externalNo,
    values: {
      notify_type: type,
      status: agreement.state,
      agreement_no: agreement.agreementNo ?? '',
      external_agreement_no: agreement.externalNo,
      personal_product_code: agreement.product,
      sign_scene: agreement.scene,
      alipay_logon_id: wallet?.logonId ?? '',
      ...(app.usesOpenId
        ? { alipay_open_id: wallet?.openId ?? '' }
        : { alipay_user_id: buyerId ?? '' }),
      ...(isEnd ? { unsign_time: toShanghaiText(context.clock.now()) } : timesOf(agreement)),
    },
  })
}

const timesOf = ({ signedAt }: Agreement) => ({
  ...(signedAt && { sign_time: toShanghaiText(signedAt), valid_time: toShanghaiText(signedAt) }),
  invalid_time: FOR_EVER,
})

/** The one that holds by the number of the request; one that nobody signed, or that has ended, is not there. */
function named(context: Context, { app, content }: Placing): Agreement {
  const fields = fieldsOf(content, INVALID)
  const number = fields.optional('agreement_no')
  const found = number ? byNumber(context, app, number) : byExternalNo(context, app, fields)
  const holds = found?.state === 'NORMAL' || found?.state === 'STOP'
  if (!found || !holds) throw new ApiError('USER_AGREEMENT_NOT_EXIST')
  return found
}

function byExternalNo(context: Context, app: App, fields: ReturnType<typeof fieldsOf>) {
  const found = findAgreement(context, app.appId, fields.text('external_agreement_no'))
  const isSame =
    found?.product === fields.text('personal_product_code') &&
    found.scene === fields.text('sign_scene')
  return isSame ? found : null
}

function byNumber({ store }: Context, app: App, agreementNo: string): Agreement | null {
  const row = store.get<AgreementRow>('select * from agreement where agreement_no = ?', [
    agreementNo,
  ])
  return row && row.app_id === app.appId ? toAgreement(row) : null
}

export function findAgreement(
  { store }: Context,
  appId: string,
  externalNo: string,
): Agreement | null {
  const row = store.get<AgreementRow>(
    'select * from agreement where app_id = ? and external_no = ?',
    [appId, externalNo],
  )
  return row && toAgreement(row)
}

function existing(context: Context, appId: string, externalNo: string): Agreement {
  const agreement = findAgreement(context, appId, externalNo)
  if (!agreement) throw new ApiError('USER_AGREEMENT_NOT_EXIST')
  return agreement
}

/** What has been charged by an agreement so far. */
export function chargedFen({ store }: Context, { agreementNo }: Agreement): Fen {
  const row = store.get<{ used: number }>(
    `select coalesce(sum(total_fen), 0) as used from trade
     where agreement_no = ? and paid_ms is not null`,
    [agreementNo],
  )
  return fen(row?.used ?? 0)
}

export const listAgreements = ({ store }: Context): Agreement[] =>
  store.all<AgreementRow>('select * from agreement order by rowid').map(toAgreement)

const toAgreement = (row: AgreementRow): Agreement => ({
  appId: row.app_id,
  externalNo: row.external_no,
  agreementNo: row.agreement_no,
  product: row.product,
  scene: row.scene,
  state: row.state,
  buyerId: row.buyer_id,
  notifyUrl: row.notify_url,
  returnUrl: row.return_url,
  signedAt: row.signed_ms === null ? null : new Date(row.signed_ms),
})

type AgreementRow = {
  app_id: string
  external_no: string
  agreement_no: string | null
  product: string
  scene: string
  state: Agreement['state']
  buyer_id: string | null
  notify_url: string
  return_url: string
  signed_ms: number | null
}
